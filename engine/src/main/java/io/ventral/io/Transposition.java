package io.ventral.io;

import io.ventral.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the elements of a tensor move from one dense order to another, as strided runs. Neighbouring
 * axes that lie alike in both orders are one axis, so that equal orders are a single run; otherwise
 * the axis that is fastest in one order and the one that is fastest in the other are walked in
 * tiles, which keeps both sides in the cache.
 */
final class Transposition {
  private static final long TILE = 64;

  /** Receives runs: {@code count} elements, each {@code stride} elements after the one before. */
  @FunctionalInterface
  interface Run {
    void copy(long from, long fromStride, long to, long toStride, long count);
  }

  private record Axis(long extent, long from, long to) {
    boolean encloses(Axis inner) {
      return from == inner.extent * inner.from && to == inner.extent * inner.to;
    }

    Axis merged(Axis inner) {
      return new Axis(extent * inner.extent, inner.from, inner.to);
    }
  }

  private final List<Axis> outer;
  private final Axis fastFrom;
  private final Axis fastTo;

  /** Both stride arrays hold elements per step of each axis of {@code shape}. */
  Transposition(Shape shape, long[] fromStrides, long[] toStrides) {
    List<Axis> axes = merge(sortedAxes(shape, fromStrides, toStrides));
    fastFrom = axes.getLast();
    fastTo = axes.stream().min(Comparator.comparingLong(Axis::to)).orElseThrow();
    outer = axes.stream().filter(axis -> !axis.equals(fastFrom) && !axis.equals(fastTo)).toList();
  }

  /** Calls {@code run} until every element was part of exactly one run. */
  void forEachRun(Run run) {
    walkOuter(0, 0, 0, run);
  }

  private static List<Axis> sortedAxes(Shape shape, long[] fromStrides, long[] toStrides) {
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.extent(axis) > 1) {
        axes.add(new Axis(shape.extent(axis), fromStrides[axis], toStrides[axis]));
      }
    }
    axes.sort(Comparator.comparingLong(Axis::from).reversed());
    return axes;
  }

  private static List<Axis> merge(List<Axis> sorted) {
    List<Axis> merged = new ArrayList<>();
    for (Axis axis : sorted) {
      if (!merged.isEmpty() && merged.getLast().encloses(axis)) {
        merged.add(merged.removeLast().merged(axis));
      } else {
        merged.add(axis);
      }
    }
    return merged.isEmpty() ? List.of(new Axis(1, 1, 1)) : merged;
  }

  private void walkOuter(int depth, long from, long to, Run run) {
    if (depth < outer.size()) {
      Axis axis = outer.get(depth);
      for (long i = 0; i < axis.extent; i++) {
        walkOuter(depth + 1, from + i * axis.from, to + i * axis.to, run);
      }
    } else if (fastFrom.equals(fastTo)) {
      run.copy(from, fastFrom.from, to, fastFrom.to, fastFrom.extent);
    } else {
      walkTiles(from, to, run);
    }
  }

  private void walkTiles(long from, long to, Run run) {
    for (long i = 0; i < fastFrom.extent; i += TILE) {
      long rows = Math.min(TILE, fastFrom.extent - i);
      for (long j = 0; j < fastTo.extent; j += TILE) {
        long columns = Math.min(TILE, fastTo.extent - j);
        long tileFrom = from + i * fastFrom.from + j * fastTo.from;
        long tileTo = to + i * fastFrom.to + j * fastTo.to;
        // Few long runs cost less than many short ones: a 3x3 filter has 9 taps, 512 channels.
        if (rows > columns) {
          walkTile(tileFrom, tileTo, fastTo, columns, fastFrom, rows, run);
        } else {
          walkTile(tileFrom, tileTo, fastFrom, rows, fastTo, columns, run);
        }
      }
    }
  }

  private static void walkTile(
      long from, long to, Axis across, long runs, Axis along, long count, Run run) {
    for (long i = 0; i < runs; i++) {
      run.copy(from + i * across.from, along.from, to + i * across.to, along.to, count);
    }
  }
}
