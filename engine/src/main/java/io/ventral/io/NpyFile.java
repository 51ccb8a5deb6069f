package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Reads and writes NumPy's {@code .npy} files. Objects in such a file are refused, never unpickled.
 */
public final class NpyFile {
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /**
   * Returns the array of a file in its own number format; booleans are 0 and 1.
   *
   * @throws EngineException USER if there is no such file; DATA if it is damaged, another format,
   *     or has an extent of 0
   */
  public static HostTensor read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      NpyHeader header = NpyHeader.read(file);
      long wanted = header.type().bytes();
      long found = file.size() - header.dataStart();
      if (found != wanted) {
        throw file.damaged(
            "holds %,d bytes of data; an array of type %s has %,d", found, header.type(), wanted);
      }
      MemorySegment bytes = file.bytes().asSlice(header.dataStart(), wanted);
      return TensorInput.read(header.type(), bytes, header.fileStrides(), header.byteOrder());
    }
  }

  /**
   * Returns the array of a file, each element rounded once to {@code asType}.
   *
   * @throws EngineException as {@link #read(Path)}
   */
  public static HostTensor read(Path path, DType asType) {
    return Conversion.replace(read(path), asType);
  }

  /**
   * Replaces the file at {@code path} by one with this tensor, row-major, in its own number format;
   * NumPy has no BF16, so that is written as F32, which holds every value of it.
   *
   * @throws EngineException USER if nothing can be written there; RESOURCE if the disk is full
   */
  public static void write(Path path, HostTensor tensor) {
    if (tensor.type().dtype() == DType.BFLOAT16) {
      try (HostTensor wider = Conversion.copy(tensor, DType.FLOAT32)) {
        write(path, wider);
      }
      return;
    }
    byte[] header = header(tensor.type());
    AtomicFile.write(
        path,
        header.length + tensor.type().bytes(),
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
          new TensorOutput(channel).write(tensor);
        });
  }

  private static byte[] header(TensorType type) {
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(descr(type.dtype()), tuple(type.shape()));
    int prefix = NpyHeader.MAGIC.length + 4;
    int length = Math.ceilDiv(prefix + dictionary.length() + 1, ALIGNMENT) * ALIGNMENT - prefix;
    String padding = " ".repeat(length - dictionary.length() - 1);
    return ByteBuffer.allocate(prefix + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(NpyHeader.MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) length)
        .put((dictionary + padding + "\n").getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static String tuple(Shape shape) {
    String extents =
        Arrays.stream(shape.extents()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    return shape.rank() == 1 ? "(" + extents + ",)" : "(" + extents + ")";
  }

  private static String descr(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "<f8";
      case FLOAT32 -> "<f4";
      case FLOAT16 -> "<f2";
      case INT64 -> "<i8";
      case INT32 -> "<i4";
      case UINT8 -> "|u1";
      case BFLOAT16, OPAQUE ->
          throw EngineException.internal("NumPy has no number format like " + dtype.shortName());
    };
  }
}
