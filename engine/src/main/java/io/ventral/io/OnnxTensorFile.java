package io.ventral.io;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ventral.error.EngineException;
import io.ventral.io.OnnxTensorMessage.Field;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/** Reads ONNX tensors ({@code TensorProto} in a {@code .pb} file), such as the ONNX test data. */
public final class OnnxTensorFile {
  private OnnxTensorFile() {}

  /**
   * Returns the tensor of a file in its own number format; booleans are 0 and 1.
   *
   * @throws EngineException USER if there is no such file; DATA if it is damaged, another format,
   *     or its elements are of a type the engine has not or lie in another file
   */
  public static HostTensor read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      OnnxTensorMessage message = parse(file);
      DType dtype = dtype(file, message.dataType());
      TensorType type = file.type("the tensor", dtype, message.dims());
      byte[] elements = elements(file, message, type);
      if (elements.length != type.bytes()) {
        throw file.damaged(
            "holds %,d bytes of elements; a tensor of type %s has %,d",
            elements.length, type, type.bytes());
      }
      return TensorInput.rowMajor(type, MemorySegment.ofArray(elements));
    }
  }

  private static OnnxTensorMessage parse(InputFile file) {
    if (file.size() > Integer.MAX_VALUE - 8) {
      throw file.damaged("is %,d bytes long; a protobuf message ends below 2 GiB", file.size());
    }
    try {
      return OnnxTensorMessage.parse(file.bytes().toArray(ValueLayout.JAVA_BYTE));
    } catch (InvalidProtocolBufferException e) {
      throw file.damaged("is no ONNX tensor: %s", e.getMessage());
    } catch (IOException e) {
      throw file.damaged("cannot be parsed: %s", e.getMessage());
    }
  }

  private static DType dtype(InputFile file, int dataType) {
    return switch (dataType) {
      case 1 -> DType.FLOAT32;
      case 2, 9 -> DType.UINT8;
      case 6 -> DType.INT32;
      case 7 -> DType.INT64;
      case 10 -> DType.FLOAT16;
      case 11 -> DType.FLOAT64;
      case 16 -> DType.BFLOAT16;
      default ->
          throw file.damaged(
              "is an ONNX tensor with data_type %d; FLOAT 1, UINT8 2, INT32 6, INT64 7, BOOL 9,"
                  + " FLOAT16 10, DOUBLE 11 and BFLOAT16 16 can be read",
              dataType);
    };
  }

  private static byte[] elements(InputFile file, OnnxTensorMessage message, TensorType type) {
    Field typed =
        switch (type.dtype()) {
          case FLOAT32 -> Field.FLOAT_DATA;
          case FLOAT64 -> Field.DOUBLE_DATA;
          case INT64 -> Field.INT64_DATA;
          case INT32, UINT8, FLOAT16, BFLOAT16 -> Field.INT32_DATA;
          case OPAQUE -> throw EngineException.internal("ONNX has no opaque tensors");
        };
    List<Field> present = message.present();
    if (present.equals(List.of(Field.RAW_DATA))) {
      return message.bytes(Field.RAW_DATA);
    }
    if (present.equals(List.of(typed))) {
      byte[] elements = message.bytes(typed);
      return typed == Field.INT32_DATA ? lowBytes(elements, type.dtype().bytes()) : elements;
    }
    throw file.damaged(
        "a tensor of type %s has elements in %s; RAW_DATA or %s alone was expected",
        type, present, typed);
  }

  /** Returns the low {@code width} bytes of each four: int32_data is wider than what it holds. */
  private static byte[] lowBytes(byte[] words, int width) {
    byte[] elements = new byte[words.length / 4 * width];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = words[i / width * 4 + i % width];
    }
    return elements;
  }
}
