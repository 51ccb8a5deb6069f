package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** A file mapped into memory for reading, and the errors that name it. */
record InputFile(Path path, Arena arena, MemorySegment bytes) implements AutoCloseable {
  private static final int LONGEST_MESSAGE = 600;

  /**
   * Returns the mapped file.
   *
   * @throws EngineException USER if it is missing, no regular file or not readable
   */
  static InputFile open(Path path) {
    if (!Files.exists(path)) {
      throw EngineException.user(path + ": no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw EngineException.user(
          path + (Files.isDirectory(path) ? ": is a directory" : ": is no regular file"));
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new InputFile(path, arena, bytes);
    } catch (IOException e) {
      arena.close();
      throw new EngineException(
          ErrorKind.USER, path + ": cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  long size() {
    return bytes.byteSize();
  }

  /**
   * Returns the DATA error that says what was found and what was expected. Texts quoted from the
   * file cannot break the line or flood the terminal.
   */
  // The annotation that Error Prone asks for would be a dependency for this one method.
  @SuppressWarnings("AnnotateFormatMethod")
  EngineException damaged(String format, Object... arguments) {
    String text = String.format(Locale.ROOT, format, arguments).replaceAll("\\p{Cntrl}", "?");
    if (text.length() > LONGEST_MESSAGE) {
      text = text.substring(0, LONGEST_MESSAGE) + "…";
    }
    return EngineException.data(path + ": " + text);
  }

  /**
   * Returns the type of a tensor with extents found in the file.
   *
   * @throws EngineException DATA if an extent is below 1 or the tensor is larger than anything can
   *     be
   */
  TensorType type(String what, DType dtype, List<Long> extents) {
    for (long extent : extents) {
      if (extent < 1 || extent > Integer.MAX_VALUE) {
        throw damaged(
            "%s has shape %s; each extent must lie in 1 to %,d", what, extents, Integer.MAX_VALUE);
      }
    }
    byteCount(what, dtype, extents);
    return new TensorType(dtype, Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray()));
  }

  /**
   * Returns the bytes of a tensor with extents found in the file, 0 if one of them is 0.
   *
   * @throws EngineException DATA if an extent is negative or the product exceeds 63 bits
   */
  long byteCount(String what, DType dtype, List<Long> extents) {
    long count = dtype.bytes();
    try {
      for (long extent : extents) {
        count = Math.multiplyExact(count, extent);
        if (extent < 0) {
          throw damaged("%s has shape %s; extents cannot be negative", what, extents);
        }
      }
    } catch (ArithmeticException e) {
      throw damaged("%s has shape %s: more bytes than 63 bits can count", what, extents);
    }
    return count;
  }

  @Override
  public void close() {
    arena.close();
  }
}
