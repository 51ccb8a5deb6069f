package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import io.ventral.backend.onednn.winograd.WinogradProblem.Images;
import java.lang.foreign.MemorySegment;

/**
 * Makes tiles of images from what lies at the 36 points, the inverse of {@link TileGather}: what a
 * tile has beyond the images is dropped.
 */
final class TileScatter implements Team.Part {
  private static final int EDGE = WinogradTransform.TILE_EDGE;

  private final Images images;
  private final int capacity;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TileRows rows;
  private final TileEnding ending;
  private int first;

  TileScatter(
      Images images,
      Tiling tiling,
      MemorySegment from,
      MemorySegment to,
      TileRows rows,
      TileEnding ending) {
    this.images = images;
    this.capacity = tiling.atOnce();
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.ending = ending;
  }

  /** Says which tile the first row of the matrices belongs to. */
  TileScatter from(int tile) {
    first = tile;
    return this;
  }

  @Override
  public void run(int thread, long begin, long end) {
    int channels = images.channels();
    int width = Math.min(channels, WinogradTransform.BLOCK);
    int height = WinogradTransform.BLOCK / width;
    for (int row = (int) begin; row < end; row += height) {
      int count = (int) Math.min(height, end - row);
      for (int channel = 0; channel < channels; channel += width) {
        int length = Math.min(width, channels - channel);
        load(rows.squares(thread), (long) row * channels + channel, count * length);
        rows.apply(WinogradTransform.RESULT, thread, count * length);
        ending.apply(thread, rows.results(thread), channel, length, count);
        for (int k = 0; k < count; k++) {
          scatter(rows.results(thread), first + row + k, channel, k * length, length);
        }
      }
    }
  }

  private void load(float[][] squares, long at, int count) {
    long matrix = (long) capacity * images.channels();
    for (int point = 0; point < WinogradTransform.POINTS; point++) {
      Tiles.read(from, point * matrix + at, squares[point], count);
    }
  }

  private void scatter(float[][] results, int tile, int channel, int at, int length) {
    int column = tile % images.tileColumns();
    int others = tile / images.tileColumns();
    int row = others % images.tileRows();
    int image = others / images.tileRows();
    int bottom = Math.min(EDGE, images.height() - row * EDGE);
    int right = Math.min(EDGE, images.width() - column * EDGE);
    for (int i = 0; i < bottom; i++) {
      for (int j = 0; j < right; j++) {
        long pixel = images.at(image, row * EDGE + i, column * EDGE + j);
        Tiles.write(results[i * EDGE + j], at, to, pixel + channel, length);
      }
    }
  }
}
