package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Puts images into a batch: converts channels, resizes, crops, mirrors and normalises. */
final class SampleWriter {
  private final Preprocessing preprocessing;
  private final DType dtype;

  /** Normalised and rounded value of byte b of channel c at c·256 + b: cheaper than a division. */
  private final double[] normalised;

  SampleWriter(Preprocessing preprocessing, DType dtype) {
    if (!dtype.isFloating()) {
      throw EngineException.internal("images normalised into " + dtype.shortName());
    }
    this.preprocessing = preprocessing;
    this.dtype = dtype;
    this.normalised = new double[preprocessing.channels() * 256];
    for (int i = 0; i < normalised.length; i++) {
      int channel = i >> 8;
      double mean = preprocessing.mean().get(channel);
      double value = ((i & 0xFF) / 255.0 - mean) / preprocessing.std().get(channel);
      normalised[i] = dtype.round(value);
    }
  }

  /**
   * Writes what {@code framing} shows of {@code image} as sample {@code sample} of {@code target}.
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
      writeRow(row, target.memory(), at);
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

  private void writeRow(byte[] row, MemorySegment memory, long at) {
    int channels = preprocessing.channels();
    int table = 0;
    for (int i = 0; i < row.length; i++) {
      double value = normalised[table + (row[i] & 0xFF)];
      table = table + 256 == channels * 256 ? 0 : table + 256;
      switch (dtype) {
        case FLOAT32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, at + i, (float) value);
        case FLOAT64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, at + i, value);
        case FLOAT16 ->
            memory.setAtIndex(ValueLayout.JAVA_SHORT, at + i, Float.floatToFloat16((float) value));
        case BFLOAT16 ->
            memory.setAtIndex(ValueLayout.JAVA_SHORT, at + i, upperHalf((float) value));
        case INT64, INT32, UINT8, OPAQUE -> throw EngineException.internal("not a floating type");
      }
    }
  }

  private static short upperHalf(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }
}
