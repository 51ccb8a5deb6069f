package io.ventral.data;

import io.ventral.error.EngineException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The contents of one IDX file of unsigned bytes, plain or gzip-compressed: two zero bytes, 8, the
 * rank, then each extent as 4 bytes big-endian, then the values.
 *
 * @param values u8[extents], row-major
 */
record IdxFile(int[] extents, byte[] values) {
  private static final int UNSIGNED_BYTES = 0x0800;

  /** What a Java array can hold. */
  private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

  /**
   * Returns the file's contents.
   *
   * @throws EngineException DATA if it is no such file, of another rank, damaged, truncated or
   *     longer than its header says
   */
  static IdxFile read(Path file, int rank) {
    try (InputStream in = open(file)) {
      int[] header = header(file, in, rank);
      int size = size(file, header);
      byte[] values = in.readNBytes(size);
      if (values.length < size) {
        throw EngineException.data(
            "%s: truncated: %d values of %d".formatted(file, values.length, size));
      }
      if (in.read() >= 0) {
        throw EngineException.data(
            file + ": longer than the " + size + " values that its header promises");
      }
      return new IdxFile(header, values);
    } catch (ZipException | EOFException e) {
      throw EngineException.data(file + ": damaged gzip: " + e.getMessage());
    } catch (IOException e) {
      throw EngineException.data(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static int size(Path file, int[] extents) {
    long size = 1;
    for (int extent : extents) {
      size *= extent;
      if (size > MAX_VALUES) {
        throw EngineException.data(
            "%s: its header promises %s values; at most %d fit"
                .formatted(file, Arrays.toString(extents), MAX_VALUES));
      }
    }
    return (int) size;
  }

  private static InputStream open(Path file) throws IOException {
    InputStream plain = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return plain;
    }
    try {
      return new GZIPInputStream(plain, 1 << 16);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static int[] header(Path file, InputStream in, int rank) throws IOException {
    byte[] bytes = in.readNBytes(4 + 4 * rank);
    if (bytes.length < 4 + 4 * rank) {
      throw EngineException.data(file + ": truncated in its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int magic = buffer.getInt();
    if (magic != (UNSIGNED_BYTES | rank)) {
      throw EngineException.data(
          "%s: begins with %08x; an IDX file of unsigned bytes of rank %d begins with %08x"
              .formatted(file, magic, rank, UNSIGNED_BYTES | rank));
    }
    int[] extents = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      extents[axis] = buffer.getInt();
      if (extents[axis] < 1) {
        throw EngineException.data(
            file + ": extent " + extents[axis] + " of axis " + axis + "; must be positive");
      }
    }
    return extents;
  }
}
