package io.ventral.io;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of an ONNX {@code TensorProto} (onnx.proto of the ONNX project), elements still as
 * little-endian bytes: fixed-width fields as they lie in the file, {@code int32_data} as four bytes
 * a number and {@code int64_data} as eight. Fields that do not matter here are skipped.
 */
final class OnnxTensorMessage {
  /** Where the elements of a message may be. */
  enum Field {
    FLOAT_DATA,
    INT32_DATA,
    STRING_DATA,
    INT64_DATA,
    RAW_DATA,
    DOUBLE_DATA,
    UINT64_DATA,
    SEGMENT,
    EXTERNAL_DATA
  }

  private final List<Long> dims = new ArrayList<>();
  private final Map<Field, ByteArrayOutputStream> data = new EnumMap<>(Field.class);
  private int dataType;

  private OnnxTensorMessage() {}

  /** Returns the message in {@code bytes}; fails as protobuf does if it is none. */
  static OnnxTensorMessage parse(byte[] bytes) throws IOException {
    OnnxTensorMessage message = new OnnxTensorMessage();
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      message.readField(input, tag);
    }
    return message;
  }

  List<Long> dims() {
    return dims;
  }

  /** Returns the number of the element type; 0 if none is given. */
  int dataType() {
    return dataType;
  }

  /** Returns the fields that hold something. */
  List<Field> present() {
    return List.copyOf(data.keySet());
  }

  byte[] bytes(Field field) {
    return data.get(field).toByteArray();
  }

  private void readField(CodedInputStream input, int tag) throws IOException {
    switch (WireFormat.getTagFieldNumber(tag)) {
      case 1 -> readNumbers(input, tag, () -> dims.add(input.readInt64()));
      case 2 -> dataType = input.readInt32();
      case 3 -> skip(Field.SEGMENT, input, tag);
      case 4 -> readNumbers(input, tag, () -> put(Field.FLOAT_DATA, input.readFixed32(), 4));
      case 5 -> readNumbers(input, tag, () -> put(Field.INT32_DATA, input.readInt32(), 4));
      case 6 -> skip(Field.STRING_DATA, input, tag);
      case 7 -> readNumbers(input, tag, () -> put(Field.INT64_DATA, input.readInt64(), 8));
      case 9 -> at(Field.RAW_DATA).writeBytes(input.readByteArray());
      case 10 -> readNumbers(input, tag, () -> put(Field.DOUBLE_DATA, input.readFixed64(), 8));
      case 11 -> skip(Field.UINT64_DATA, input, tag);
      case 13 -> skip(Field.EXTERNAL_DATA, input, tag);
      default -> input.skipField(tag);
    }
  }

  private interface NumberReader {
    void read() throws IOException;
  }

  /** Reads a repeated number, which lies either packed behind a length or alone. */
  private static void readNumbers(CodedInputStream input, int tag, NumberReader reader)
      throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      reader.read();
      return;
    }
    int limit = input.pushLimit(input.readRawVarint32());
    while (input.getBytesUntilLimit() > 0) {
      reader.read();
    }
    input.popLimit(limit);
  }

  private void put(Field field, long value, int bytes) {
    ByteArrayOutputStream output = at(field);
    for (int i = 0; i < bytes; i++) {
      output.write((int) (value >>> (8 * i)));
    }
  }

  private void skip(Field field, CodedInputStream input, int tag) throws IOException {
    at(field);
    input.skipField(tag);
  }

  private ByteArrayOutputStream at(Field field) {
    return data.computeIfAbsent(field, key -> new ByteArrayOutputStream());
  }
}
