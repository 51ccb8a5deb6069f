package io.ventral.data;

import java.util.Arrays;
import java.util.List;

/** Images of one size that lie decoded in memory, one behind the other. */
final class MemoryImages implements Dataset {
  private final Split split;
  private final List<String> classNames;
  private final Pixels pixels;
  private final byte[] labels;

  /** All images: {@code values} is u8[n, height, width, channels]. */
  record Pixels(byte[] values, int height, int width, int channels) {
    int imageBytes() {
      return height * width * channels;
    }
  }

  MemoryImages(Split split, List<String> classNames, Pixels pixels, byte[] labels) {
    this.split = split;
    this.classNames = List.copyOf(classNames);
    this.pixels = pixels;
    this.labels = labels;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int item) {
    return labels[item] & 0xFF;
  }

  @Override
  public String name(int item) {
    return split + "[" + item + "]";
  }

  @Override
  public RawImage image(int item) {
    int from = item * pixels.imageBytes();
    byte[] image = Arrays.copyOfRange(pixels.values(), from, from + pixels.imageBytes());
    return new RawImage(image, pixels.height(), pixels.width(), pixels.channels());
  }
}
