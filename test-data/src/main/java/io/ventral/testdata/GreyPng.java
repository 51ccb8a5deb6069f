package io.ventral.testdata;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Writes grey pictures as PNG files. The files' bytes depend on the compressor of the machine; what
 * is promised, and tested, are the pixels.
 */
final class GreyPng {
  private GreyPng() {}

  /** Writes 8-bit grey pixels, given row by row, making the folders above the file. */
  static void write(Path file, byte[] pixels, int width) throws IOException {
    int height = pixels.length / width;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    // Through the raster: setRGB would convert between colour spaces and change the values.
    image.getRaster().setDataElements(0, 0, width, height, pixels);
    Files.createDirectories(file.toAbsolutePath().getParent());
    ImageIO.setUseCache(false);
    ImageIO.write(image, "png", file.toFile());
  }
}
