package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;

import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;

/**
 * A value [N,C,…] as rows of channels, for kernels that work channel by channel on a grid of
 * (blocks of channels, parts, groups).
 *
 * @param parts runs of consecutive rows in each group, one a block; decides the order of sums
 */
record ChannelView(TensorType x, int groups, int blocks, int parts) {
  private static final int THREADS = 256;
  private static final int ROWS_A_THREAD = 4;
  private static final int BLOCKS_A_MULTIPROCESSOR = 8;
  private static final int MOST_LANES = 32;
  private static final int CHANNELS_A_BLOCK = 8;

  static ChannelView of(OpenGpu gpu, TensorType x, int groups) {
    int channels = x.extent(1);
    int vector = Format.vector(x.dtype());
    int vectors = channels % vector == 0 && channelStep(x) == 1 ? channels / vector : channels;
    int lanes = Math.min(vectors, MOST_LANES);
    int blocks = Math.ceilDiv(vectors, lanes);
    long rows = Math.ceilDiv(x.extent(0), groups) * rowsPerSample(x);
    long wanted = Math.ceilDiv(BLOCKS_A_MULTIPROCESSOR * gpu.multiprocessors(), blocks * groups);
    long useful = Math.ceilDiv(rows, ROWS_A_THREAD * (THREADS / lanes));
    long parts = Math.max(1, Math.min(wanted, useful));
    return new ChannelView(x, groups, blocks, (int) parts);
  }

  /** Returns the distance in memory between neighbouring channels, in elements. */
  static long channelStep(TensorType x) {
    return x.rank() == 4 ? 1 : rowsPerSample(x);
  }

  static long rowsPerSample(TensorType x) {
    return x.shape().elementsPerSample() / x.extent(1);
  }

  LaunchShape grid(OpenGpu gpu) {
    return gpu.blocks(blocks, parts, groups);
  }

  /** Returns the grid of the kernels that join what the parts gave. */
  LaunchShape join(OpenGpu gpu) {
    return gpu.blocks(Math.ceilDiv(x.extent(1), CHANNELS_A_BLOCK), 1, groups);
  }

  /** Returns the bytes of {@code tables} float32 tables, one of each group's channels. */
  long tableBytes(int tables) {
    return (long) Float.BYTES * tables * groups * x.extent(1);
  }

  /** Returns the bytes of {@code k} partial sums. */
  long partialBytes(int k) {
    return tableBytes(k) * parts;
  }

  /** Returns {@code before} and behind it the extents of the view. */
  Argument[] after(Argument... before) {
    Shape shape = x.shape();
    Argument[] all = new Argument[before.length + 4];
    System.arraycopy(before, 0, all, 0, before.length);
    all[before.length] = i64(shape.extent(0));
    all[before.length + 1] = i64(rowsPerSample(x));
    all[before.length + 2] = i32(shape.extent(1));
    all[before.length + 3] = i64(channelStep(x));
    return all;
  }
}
