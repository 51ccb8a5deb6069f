package io.ventral.data;

import io.ventral.tensor.HostTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Puts images into a batch: converts channels, resizes, crops and mirrors. */
final class SampleWriter {
  private final Preprocessing preprocessing;

  SampleWriter(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /**
   * Writes what {@code framing} shows of {@code image} as sample {@code sample} of {@code target},
   * u8[n, channels, cropHeight, cropWidth].
   */
  void write(RawImage image, Framing framing, HostTensor target, int sample) {
    RawImage coloured = preprocessing.channels() == 1 ? image.toGrey() : image;
    RawImage resized =
        Resize.apply(
            coloured, framing.source(), Filter.BILINEAR, framing.height(), framing.width());
    int rowValues = preprocessing.cropWidth() * preprocessing.channels();
    byte[] row = new byte[rowValues];
    long at = (long) sample * preprocessing.cropHeight() * rowValues;
    for (int y = 0; y < preprocessing.cropHeight(); y++) {
      readRow(resized, framing, framing.top() + y, row);
      MemorySegment.copy(row, 0, target.memory(), ValueLayout.JAVA_BYTE, at, rowValues);
      at += rowValues;
    }
  }

  /** Fills {@code row}, [cropWidth, channels], with the window's row {@code y}; zero outside. */
  private void readRow(RawImage image, Framing framing, int y, byte[] row) {
    int channels = preprocessing.channels();
    int width = preprocessing.cropWidth();
    for (int x = 0; x < width; x++) {
      int from = framing.left() + (framing.mirror() ? width - 1 - x : x);
      boolean inside = y >= 0 && y < image.height() && from >= 0 && from < image.width();
      int pixel = (y * image.width() + from) * image.channels();
      for (int channel = 0; channel < channels; channel++) {
        // A grey image has the same value in every channel.
        int offset = Math.min(channel, image.channels() - 1);
        row[x * channels + channel] = inside ? image.pixels()[pixel + offset] : 0;
      }
    }
  }
}
