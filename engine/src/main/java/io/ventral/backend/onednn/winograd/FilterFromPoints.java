package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import java.lang.foreign.MemorySegment;

/** The gradient of a filter from thirty-six matrices, one a point, to nine, one a position. */
final class FilterFromPoints implements Team.Part {
  private static final int POSITIONS = 9;

  private final long pairs;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TileRows rows;

  /**
   * Prepares the transformation.
   *
   * @param pairs elements of a matrix
   */
  FilterFromPoints(long pairs, MemorySegment from, MemorySegment to, TileRows rows) {
    this.pairs = pairs;
    this.from = from;
    this.to = to;
    this.rows = rows;
  }

  @Override
  public void run(int thread, long begin, long end) {
    float[][] squares = rows.squares(thread);
    float[][] results = rows.results(thread);
    for (long at = begin; at < end; at += WinogradTransform.BLOCK) {
      int count = (int) Math.min(WinogradTransform.BLOCK, end - at);
      for (int point = 0; point < WinogradTransform.POINTS; point++) {
        Tiles.read(from, point * pairs + at, squares[point], count);
      }
      rows.apply(WinogradTransform.FILTER_GRADIENT, thread, count);
      for (int position = 0; position < POSITIONS; position++) {
        Tiles.write(results[position], to, position * pairs + at, count);
      }
    }
  }
}
