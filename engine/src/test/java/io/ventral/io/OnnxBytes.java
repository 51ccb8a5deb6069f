package io.ventral.io;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Bytes of ONNX {@code TensorProto} messages, possible and impossible ones. */
final class OnnxBytes {
  static final int DIMS = 1;
  static final int DATA_TYPE = 2;
  static final int FLOAT_DATA = 4;
  static final int INT32_DATA = 5;
  static final int INT64_DATA = 7;
  static final int NAME = 8;
  static final int RAW_DATA = 9;
  static final int DOUBLE_DATA = 10;
  static final int EXTERNAL_DATA = 13;

  private OnnxBytes() {}

  interface Message {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  static Message integers(int dataType, int field, long value) {
    return out -> {
      out.writeInt32(DATA_TYPE, dataType);
      out.writeInt64(field, value);
    };
  }

  static void dims(CodedOutputStream out, long... dims) throws IOException {
    for (long dim : dims) {
      out.writeInt64(DIMS, dim);
    }
  }

  static byte[] of(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    message.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }
}
