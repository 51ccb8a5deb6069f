package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.Arrays;

/**
 * Antialiased resizing in fixed point, first across, then down, each rounded to bytes: Pillow's
 * algorithm (Resample.c), whose results it repeats.
 */
public final class Resize {
  private static final int HALF = 1 << (ResizeWeights.BITS - 1);

  private Resize() {}

  /** Returns {@code region} of {@code image}, resized to {@code height} x {@code width} pixels. */
  public static RawImage apply(
      RawImage image, Region region, Filter filter, int height, int width) {
    if (region.top() + region.height() > image.height()
        || region.left() + region.width() > image.width()) {
      throw EngineException.internal(
          region + " outside an image of " + image.height() + "x" + image.width());
    }
    RawImage cut = region.equals(Region.whole(image)) ? image : cut(image, region);
    RawImage narrowed =
        width == cut.width() ? cut : across(cut, ResizeWeights.of(filter, cut.width(), width));
    return height == cut.height()
        ? narrowed
        : down(narrowed, ResizeWeights.of(filter, cut.height(), height));
  }

  private static RawImage cut(RawImage image, Region region) {
    int channels = image.channels();
    int rowBytes = region.width() * channels;
    byte[] pixels = new byte[region.height() * rowBytes];
    for (int y = 0; y < region.height(); y++) {
      int from = ((region.top() + y) * image.width() + region.left()) * channels;
      System.arraycopy(image.pixels(), from, pixels, y * rowBytes, rowBytes);
    }
    return new RawImage(pixels, region.height(), region.width(), channels);
  }

  private static RawImage across(RawImage image, ResizeWeights axis) {
    int channels = image.channels();
    int width = axis.first().length;
    byte[] out = new byte[image.height() * width * channels];
    for (int y = 0; y < image.height(); y++) {
      int from = y * image.width() * channels;
      int to = y * width * channels;
      if (channels == 1) {
        acrossGrey(image.pixels(), from, axis, out, to);
      } else {
        acrossColour(image.pixels(), from, axis, out, to);
      }
    }
    return new RawImage(out, image.height(), width, channels);
  }

  private static void acrossGrey(byte[] in, int from, ResizeWeights axis, byte[] out, int to) {
    int[] weights = axis.weights();
    for (int x = 0; x < axis.first().length; x++) {
      int at = from + axis.first()[x];
      int sum = HALF;
      for (int k = 0; k < axis.count()[x]; k++) {
        sum += (in[at + k] & 0xFF) * weights[x * axis.taps() + k];
      }
      out[to + x] = ResizeWeights.toByte(sum);
    }
  }

  /** One pass for all three colours, since reading the weight costs as much as using it. */
  private static void acrossColour(byte[] in, int from, ResizeWeights axis, byte[] out, int to) {
    int[] weights = axis.weights();
    for (int x = 0; x < axis.first().length; x++) {
      int at = from + 3 * axis.first()[x];
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int end = x * axis.taps() + axis.count()[x];
      for (int k = x * axis.taps(); k < end; k++, at += 3) {
        red += (in[at] & 0xFF) * weights[k];
        green += (in[at + 1] & 0xFF) * weights[k];
        blue += (in[at + 2] & 0xFF) * weights[k];
      }
      out[to + 3 * x] = ResizeWeights.toByte(red);
      out[to + 3 * x + 1] = ResizeWeights.toByte(green);
      out[to + 3 * x + 2] = ResizeWeights.toByte(blue);
    }
  }

  /** Sums whole rows, the order in which they lie in memory. */
  private static RawImage down(RawImage image, ResizeWeights axis) {
    int rowBytes = image.width() * image.channels();
    int height = axis.first().length;
    byte[] in = image.pixels();
    byte[] out = new byte[height * rowBytes];
    int[] sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < axis.count()[y]; k++) {
        int from = (axis.first()[y] + k) * rowBytes;
        int weight = axis.weights()[y * axis.taps() + k];
        for (int i = 0; i < rowBytes; i++) {
          sums[i] += (in[from + i] & 0xFF) * weight;
        }
      }
      for (int i = 0; i < rowBytes; i++) {
        out[y * rowBytes + i] = ResizeWeights.toByte(sums[i]);
      }
    }
    return new RawImage(out, height, image.width(), image.channels());
  }
}
