package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import java.lang.foreign.MemorySegment;

/**
 * A filter as nine matrices, one a position, to thirty-six, one a point; turned by half a turn on
 * the way if asked for.
 */
final class FilterToPoints implements Team.Part {
  private static final int POSITIONS = 9;

  private final long pairs;
  private final boolean turned;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TileRows rows;

  /**
   * Prepares the transformation.
   *
   * @param pairs elements of a matrix
   */
  FilterToPoints(long pairs, boolean turned, MemorySegment from, MemorySegment to, TileRows rows) {
    this.pairs = pairs;
    this.turned = turned;
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
      for (int k = 0; k < POSITIONS; k++) {
        int position = turned ? POSITIONS - 1 - k : k;
        Tiles.read(from, position * pairs + at, squares[k], count);
      }
      rows.apply(WinogradTransform.FILTER, thread, count);
      for (int point = 0; point < WinogradTransform.POINTS; point++) {
        Tiles.write(results[point], to, point * pairs + at, count);
      }
    }
  }
}
