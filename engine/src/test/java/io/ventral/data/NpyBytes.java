package io.ventral.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The values of a {@code .npy} file of version 1 that holds u1 in C order. */
final class NpyBytes {
  private NpyBytes() {}

  static byte[] read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int headerBytes = (bytes[8] & 0xFF) | (bytes[9] & 0xFF) << 8;
    String header = new String(bytes, 10, headerBytes, ISO_8859_1);
    if (!header.contains("'|u1'") || !header.contains("'fortran_order': False")) {
      throw new IOException(file + ": " + header);
    }
    return Arrays.copyOfRange(bytes, 10 + headerBytes, bytes.length);
  }
}
