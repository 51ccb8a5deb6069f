package io.ventral.data;

import io.ventral.error.EngineException;

/**
 * A decoded image, 8 bits a value.
 *
 * @param pixels u8[height, width, channels], row-major; not copied, not to be changed
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record RawImage(byte[] pixels, int height, int width, int channels) {
  public RawImage {
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw EngineException.data(
          "image of %dx%d with %d channels: height and width must be at least 1, channels 1 or 3"
              .formatted(height, width, channels));
    }
    if (pixels.length != (long) height * width * channels) {
      throw EngineException.internal(
          pixels.length + " values for an image of " + height + "x" + width + "x" + channels);
    }
  }

  /** Returns the value, 0 to 255, at row {@code y}, column {@code x}. */
  public int value(int y, int x, int channel) {
    return pixels[(y * width + x) * channels + channel] & 0xFF;
  }

  /**
   * Returns this image in grey: luma of ITU-R 601 in 16-bit fixed point, as Pillow converts RGB to
   * L.
   */
  public RawImage toGrey() {
    if (channels == 1) {
      return this;
    }
    byte[] grey = new byte[height * width];
    for (int i = 0; i < grey.length; i++) {
      int red = pixels[3 * i] & 0xFF;
      int green = pixels[3 * i + 1] & 0xFF;
      int blue = pixels[3 * i + 2] & 0xFF;
      grey[i] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
    }
    return new RawImage(grey, height, width, 1);
  }
}
