package io.ventral.backend.onednn.loop;

import io.ventral.backend.Flattening;
import io.ventral.backend.Launch;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Transposes each of many matrices: from x [n, rows, columns] to y [n, columns, rows], by blocks
 * that are read row by row and written column by column.
 */
public final class TransposeLoop implements Launch, Team.Part {
  private static final int EDGE = 32;

  private final Team team;
  private final long count;
  private final long rows;
  private final long columns;
  private final MemorySegment from;
  private final MemorySegment to;
  private final int blockRows;
  private final int blockColumns;
  private final Numbers numbers;
  private final Tiles tiles;

  /** Returns the loop over matrices that lie one behind the other. */
  public TransposeLoop(
      Team team,
      DType dtype,
      Flattening.Transposed matrices,
      MemorySegment from,
      MemorySegment to) {
    this.team = team;
    count = matrices.count();
    rows = matrices.rows();
    columns = matrices.columns();
    this.from = from;
    this.to = to;
    // A narrow matrix is taken in long blocks: fewer and longer copies.
    blockRows = (int) Math.min(rows, Tiles.SIZE / Math.min(EDGE, columns));
    blockColumns = (int) Math.min(columns, Tiles.SIZE / blockRows);
    numbers = new Numbers(dtype, team.threads());
    tiles = new Tiles(team.threads(), 2);
  }

  @Override
  public void run() {
    team.forEach(count * rows * columns, rows, this);
  }

  /** Computes whole rows of y, which are columns of the matrices of x. */
  @Override
  public void run(int thread, long first, long end) {
    long stop = end / rows;
    long column = first / rows;
    while (column < stop) {
      long matrix = column / columns;
      long begin = column % columns;
      int width = (int) Math.min(blockColumns, Math.min(columns - begin, stop - column));
      for (long row = 0; row < rows; row += blockRows) {
        int height = (int) Math.min(blockRows, rows - row);
        block(matrix * rows * columns, row, begin, height, width, thread);
      }
      column += width;
    }
  }

  private void block(long base, long row, long column, int height, int width, int thread) {
    float[] x = tiles.of(thread)[0];
    float[] y = tiles.of(thread)[1];
    if (width == columns) {
      numbers.read(thread, from, base + row * columns, x, 0, height * width);
    } else {
      for (int r = 0; r < height; r++) {
        numbers.read(thread, from, base + (row + r) * columns + column, x, r * width, width);
      }
    }
    for (int c = 0; c < width; c++) {
      for (int r = 0; r < height; r++) {
        y[c * height + r] = x[r * width + c];
      }
    }
    if (height == rows) {
      numbers.write(thread, y, 0, to, base + column * rows, height * width);
    } else {
      for (int c = 0; c < width; c++) {
        numbers.write(thread, y, c * height, to, base + (column + c) * rows + row, height);
      }
    }
  }
}
