package io.ventral.backend.onednn.winograd;

/** The arrays of each thread between which {@link WinogradTransform} works. */
final class TileRows {
  private static final int POINTS = WinogradTransform.POINTS;

  private final float[][][] squares;
  private final float[][][] between;
  private final float[][][] results;

  TileRows(int threads) {
    squares = new float[threads][POINTS][WinogradTransform.BLOCK];
    between = new float[threads][POINTS][WinogradTransform.BLOCK];
    results = new float[threads][POINTS][WinogradTransform.BLOCK];
  }

  float[][] squares(int thread) {
    return squares[thread];
  }

  float[][] results(int thread) {
    return results[thread];
  }

  /** Transforms the squares of a thread to its results. */
  void apply(WinogradTransform transform, int thread, int count) {
    transform.apply(squares[thread], between[thread], results[thread], count);
  }
}
