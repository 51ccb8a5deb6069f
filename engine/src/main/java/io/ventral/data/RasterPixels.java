package io.ventral.data;

import io.ventral.error.EngineException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The stored values of a decoded image as 8-bit grey or RGB. They are taken as they are, since
 * Java's own colour conversion would change them: for grey by a gamma curve.
 */
final class RasterPixels {
  private RasterPixels() {}

  /**
   * Returns the pixels: grey and grey palettes with 1 channel, all else with 3; alpha dropped; more
   * than 8 bits shifted down, fewer scaled up.
   *
   * @throws EngineException DATA if the colours are of a kind unknown here
   */
  static RawImage of(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return indexed(image.getRaster(), palette);
    }
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getData().length == 3L * image.getHeight() * image.getWidth()) {
      return blueGreenRed(buffer.getData(), image.getHeight(), image.getWidth());
    }
    requireIntegers(image.getRaster());
    int colours = image.getColorModel().getColorSpace().getType();
    return switch (colours) {
      case ColorSpace.TYPE_GRAY -> direct(image.getRaster(), 1);
      case ColorSpace.TYPE_RGB -> direct(image.getRaster(), 3);
      case ColorSpace.TYPE_CMYK -> cmyk(image.getRaster());
      default ->
          throw EngineException.data("colours of Java type " + colours + "; grey, RGB, CMYK fit");
    };
  }

  /** The layout of nearly all JPEG files, several times faster than through the raster. */
  private static RawImage blueGreenRed(byte[] stored, int height, int width) {
    byte[] pixels = new byte[stored.length];
    for (int i = 0; i < stored.length; i += 3) {
      pixels[i] = stored[i + 2];
      pixels[i + 1] = stored[i + 1];
      pixels[i + 2] = stored[i];
    }
    return new RawImage(pixels, height, width, 3);
  }

  private static RawImage direct(Raster raster, int channels) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] bits = raster.getSampleModel().getSampleSize();
    byte[] pixels = new byte[raster.getHeight() * width * channels];
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < channels; channel++) {
          pixels[at++] = (byte) toByte(row[x * bands + channel], bits[channel]);
        }
      }
    }
    return new RawImage(pixels, raster.getHeight(), width, channels);
  }

  private static RawImage indexed(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int channels = isGrey(palette) ? 1 : 3;
    byte[] pixels = new byte[raster.getHeight() * width * channels];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int index : row) {
        // Beyond the palette is black, as in Pillow.
        int colour = index < palette.getMapSize() ? palette.getRGB(index) : 0;
        for (int channel = 3 - channels; channel < 3; channel++) {
          pixels[at++] = (byte) (colour >>> (16 - 8 * channel));
        }
      }
    }
    return new RawImage(pixels, raster.getHeight(), width, channels);
  }

  /** Inks darken light: red = (1 − black)·(1 − cyan), rounded as Pillow does. */
  private static RawImage cmyk(Raster raster) {
    int width = raster.getWidth();
    byte[] pixels = new byte[raster.getHeight() * width * 3];
    int[] row = new int[width * 4];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int light = 255 - row[4 * x + 3];
        for (int ink = 0; ink < 3; ink++) {
          int product = row[4 * x + ink] * light + 128;
          pixels[at++] = (byte) (light - ((product + (product >> 8)) >> 8));
        }
      }
    }
    return new RawImage(pixels, raster.getHeight(), width, 3);
  }

  private static int toByte(int value, int bits) {
    if (bits == 8) {
      return value;
    }
    return bits > 8 ? value >>> (bits - 8) : value * 255 / ((1 << bits) - 1);
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getGreen(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  private static void requireIntegers(Raster raster) {
    boolean fits =
        switch (raster.getSampleModel().getDataType()) {
          case DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT, DataBuffer.TYPE_INT -> true;
          default -> false;
        };
    if (!fits) {
      throw EngineException.data("values that are not unsigned integers");
    }
  }
}
