package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import io.ventral.backend.onednn.winograd.WinogradProblem.Images;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Takes the squares of images that belong to some tiles, zero where they reach beyond, and lays
 * their values at the 36 points out as matrices of [tiles, channels], one a point.
 */
final class TileGather implements Team.Part {
  private final WinogradTransform transform;
  private final Images images;
  private final Images tiled;
  private final int top;
  private final int left;
  private final int capacity;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TileRows rows;
  private int first;

  private TileGather(
      WinogradTransform transform,
      Images images,
      Images tiled,
      int top,
      int left,
      Tiling tiling,
      MemorySegment from,
      MemorySegment to,
      TileRows rows) {
    this.transform = transform;
    this.images = images;
    this.tiled = tiled;
    this.top = top;
    this.left = left;
    this.capacity = tiling.atOnce();
    this.from = from;
    this.to = to;
    this.rows = rows;
  }

  /** Returns what takes the patches from which tiles of results are made. */
  static TileGather patches(
      WinogradProblem problem, Tiling tiling, MemorySegment from, MemorySegment to, TileRows rows) {
    return new TileGather(
        WinogradTransform.PATCH,
        problem.source(),
        problem.result(),
        problem.top(),
        problem.left(),
        tiling,
        from,
        to,
        rows);
  }

  /** Returns what takes the tiles of the result's gradient. */
  static TileGather tiles(
      WinogradProblem problem, Tiling tiling, MemorySegment from, MemorySegment to, TileRows rows) {
    return new TileGather(
        WinogradTransform.TILE,
        problem.result(),
        problem.result(),
        /* top= */ 0,
        /* left= */ 0,
        tiling,
        from,
        to,
        rows);
  }

  /** Says which tile the first row of the matrices belongs to. */
  TileGather from(int tile) {
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
        for (int k = 0; k < count; k++) {
          gather(rows.squares(thread), first + row + k, channel, k * length, length);
        }
        rows.apply(transform, thread, count * length);
        store(rows.results(thread), (long) row * channels + channel, count * length);
      }
    }
  }

  private void gather(float[][] squares, int tile, int channel, int at, int length) {
    int edge = transform.in();
    int column = tile % tiled.tileColumns();
    int others = tile / tiled.tileColumns();
    int row = others % tiled.tileRows();
    int image = others / tiled.tileRows();
    int y0 = row * WinogradTransform.TILE_EDGE - top;
    int x0 = column * WinogradTransform.TILE_EDGE - left;
    for (int i = 0; i < edge; i++) {
      boolean within = y0 + i >= 0 && y0 + i < images.height();
      for (int j = 0; j < edge; j++) {
        float[] target = squares[i * edge + j];
        if (within && x0 + j >= 0 && x0 + j < images.width()) {
          Tiles.read(from, images.at(image, y0 + i, x0 + j) + channel, target, at, length);
        } else {
          Arrays.fill(target, at, at + length, 0);
        }
      }
    }
  }

  private void store(float[][] results, long at, int count) {
    long matrix = (long) capacity * images.channels();
    for (int point = 0; point < WinogradTransform.POINTS; point++) {
      Tiles.write(results[point], to, point * matrix + at, count);
    }
  }
}
