package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.loop.Tiles;
import java.lang.foreign.MemorySegment;

/** What is done with tiles of results before they are stored. */
@FunctionalInterface
interface TileEnding {
  /**
   * Changes the results of {@code count} tiles in place.
   *
   * @param tiles arrays with {@code length} channels of one tile, then those of the next
   * @param channel the first of the channels
   */
  void apply(int thread, float[][] tiles, int channel, int length, int count);

  static TileEnding none() {
    return (thread, tiles, channel, length, count) -> {};
  }

  /** Adds a bias to every pixel and rectifies the sum if asked for. */
  final class Bias implements TileEnding {
    private static final int ARRAYS = WinogradTransform.TILE_EDGE * WinogradTransform.TILE_EDGE;

    private final MemorySegment bias;
    private final boolean relu;

    /** For each thread the bias, element by element beside the tiles. */
    private final float[][] beside;

    Bias(MemorySegment bias, boolean relu, int threads) {
      this.bias = bias;
      this.relu = relu;
      beside = new float[threads][WinogradTransform.BLOCK];
    }

    @Override
    public void apply(int thread, float[][] tiles, int channel, int length, int count) {
      float[] b = beside[thread];
      for (int k = 0; k < count; k++) {
        Tiles.read(bias, channel, b, k * length, length);
      }
      for (int i = 0; i < ARRAYS; i++) {
        if (relu) {
          addThenRelu(tiles[i], b, length * count);
        } else {
          add(tiles[i], b, length * count);
        }
      }
    }

    private static void add(float[] y, float[] b, int count) {
      for (int i = 0; i < count; i++) {
        y[i] += b[i];
      }
    }

    private static void addThenRelu(float[] y, float[] b, int count) {
      for (int i = 0; i < count; i++) {
        y[i] = Math.max(y[i] + b[i], 0);
      }
    }
  }
}
