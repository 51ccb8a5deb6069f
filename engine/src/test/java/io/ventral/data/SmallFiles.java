package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Small files made by the tests, and what their errors look like. */
final class SmallFiles {
  private SmallFiles() {}

  /** Writes a picture of one colour; the extension names the format. */
  static Path picture(Path file, int height, int width, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    return write(file, image);
  }

  static Path write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.toString();
    String format = name.substring(name.lastIndexOf('.') + 1);
    assertTrue(ImageIO.write(image, format, file.toFile()), name);
    return file;
  }

  static Path text(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Returns an IDX file of {@code values} with these extents. */
  static byte[] idx(byte[] values, int... extents) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * extents.length + values.length);
    buffer.putInt(0x0800 | extents.length);
    for (int extent : extents) {
      buffer.putInt(extent);
    }
    return buffer.put(values).array();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** Checks that opening {@code root} fails with one line that holds all of {@code parts}. */
  static void assertFails(ErrorKind kind, Path root, DataOptions options, String... parts) {
    var problem = assertThrows(EngineException.class, () -> DataSource.open(root, options));
    assertEquals(kind, problem.kind(), problem.getMessage());
    assertEquals(1, problem.getMessage().lines().count());
    for (String part : parts) {
      assertTrue(problem.getMessage().contains(part), problem.getMessage());
    }
  }
}
