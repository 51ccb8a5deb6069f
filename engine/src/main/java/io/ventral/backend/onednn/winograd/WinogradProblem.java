package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;

/**
 * A 3×3 convolution of stride 1 cut into tiles of results: as it stands, or as the gradient for its
 * input, which is the same over the gradient of the result, the filter turned by half a turn and
 * its two kinds of channels exchanged.
 *
 * @param source what patches are read from
 * @param result what is cut into tiles
 * @param top rows by which the first patch begins above the source, below 0 if within it
 * @param left columns, likewise
 * @param gradient whether it is the gradient for the input
 */
public record WinogradProblem(Images source, Images result, int top, int left, boolean gradient) {
  private static final int KERNEL = 3;

  /**
   * What an element at a point costs on its way from the images, to the images, as part of a
   * filter, and as part of one that is there already, in multiply-adds: these run at 16 or 32 a
   * cycle and core, an element moves through arrays and caches and, for its share, through memory.
   * Measured (docs/performance.md); they are proportions of machines of this kind, and are
   * constants so that the choice, and with it every bit of a result, depends on shapes alone.
   */
  private static final long GATHERED = 75;

  private static final long SCATTERED = 40;
  private static final long FILTER = 110;
  private static final long FILTER_READ = 25;

  /** What the second caches of two cores hold, and what the last one does beside other things. */
  private static final long SECOND_CACHE_BYTES = 2_000_000;

  private static final long LAST_CACHE_BYTES = 16_000_000;

  /** The filter at the points is read anew for so many tiles: from a cache, or from memory. */
  private static final int TILES_AT_LEAST = 64;

  private static final int TILES_AT_LEAST_FROM_MEMORY = 256;

  /** Images in memory, channels last. */
  public record Images(int count, int height, int width, int channels) {
    static Images of(TensorType type) {
      return new Images(type.extent(0), type.extent(2), type.extent(3), type.extent(1));
    }

    /** Returns the number of the first element of a pixel. */
    long at(int image, int row, int column) {
      return (((long) image * height + row) * width + column) * channels;
    }

    int tileRows() {
      return Math.ceilDiv(height, WinogradTransform.TILE_EDGE);
    }

    int tileColumns() {
      return Math.ceilDiv(width, WinogradTransform.TILE_EDGE);
    }

    /** Returns how many tiles cover the images. */
    public int tiles() {
      return Math.multiplyExact(count, tileRows() * tileColumns());
    }
  }

  /** Returns whether minimal filtering as we have it computes this convolution at all. */
  public static boolean fits(ConvolutionProblem problem) {
    return problem.groups() == 1
        && problem.isFloat32()
        && fits(problem.window().vertical())
        && fits(problem.window().horizontal());
  }

  private static boolean fits(WindowAxis axis) {
    return axis.kernel() == KERNEL && axis.stride() == 1 && axis.dilation() == 1;
  }

  /** Returns the convolution as it stands. */
  public static WinogradProblem forward(ConvolutionProblem problem) {
    Window2d window = problem.window();
    return new WinogradProblem(
        Images.of(problem.x()),
        Images.of(problem.y()),
        window.vertical().padBefore(),
        window.horizontal().padBefore(),
        false);
  }

  /** Returns the gradient for the input as a convolution. */
  public static WinogradProblem gradInput(ConvolutionProblem problem) {
    Window2d window = problem.window();
    return new WinogradProblem(
        Images.of(problem.y()),
        Images.of(problem.x()),
        KERNEL - 1 - window.vertical().padBefore(),
        KERNEL - 1 - window.horizontal().padBefore(),
        true);
  }

  /** Returns the elements of a filter at one of its positions, or at one of the points. */
  long pairs() {
    return (long) source.channels * result.channels;
  }

  /** Returns the elements of what is at the points for {@code tiles} tiles and these channels. */
  static long elements(long tiles, long channels) {
    return WinogradTransform.POINTS * tiles * channels;
  }

  /** Returns how many tiles are worked on at a time. */
  public int tilesAtOnce() {
    boolean cached = elements(1, pairs()) * Float.BYTES <= LAST_CACHE_BYTES;
    long each = elements(1, source.channels + result.channels) * Float.BYTES;
    int least = cached ? TILES_AT_LEAST : TILES_AT_LEAST_FROM_MEMORY;
    int most = (int) Math.max(least, SECOND_CACHE_BYTES / each);
    int tiles = result.tiles();
    return Math.ceilDiv(tiles, Math.ceilDiv(tiles, most));
  }

  /**
   * Returns what it costs, in units of one multiplication and addition within a product of
   * matrices.
   *
   * @param prepared whether the filter is at the points already
   */
  long cost(boolean prepared) {
    long inputs = source.channels;
    long outputs = result.channels;
    return elements(result.tiles(), pairs() + GATHERED * inputs + SCATTERED * outputs)
        + elements(1, (prepared ? FILTER_READ : FILTER) * pairs());
  }

  /** Returns what the direct computation costs in the same units. */
  long directCost() {
    long pixels = (long) result.count * result.height * result.width;
    return KERNEL * KERNEL * pixels * pairs();
  }
}
