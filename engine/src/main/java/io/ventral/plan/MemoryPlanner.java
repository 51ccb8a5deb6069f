package io.ventral.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From lifetimes to offsets: the largest buffer first, each into the smallest gap, between the
 * buffers already placed that live at the same time, that holds it (greedy by size; Pisarchyk and
 * Lee 2020). A pure function: the same intervals give the same plan.
 */
public final class MemoryPlanner {
  /** Offsets are multiples of this many bytes: a cache line, and the widest vector access. */
  public static final long ALIGNMENT = 64;

  private final List<Interval> intervals;
  private final Long[] offsets;
  private final List<Integer> placed = new ArrayList<>();

  private MemoryPlanner(List<Interval> intervals) {
    this.intervals = intervals;
    this.offsets = new Long[intervals.size()];
  }

  /** Returns the plan for one arena. */
  public static MemoryPlan plan(List<Interval> intervals) {
    MemoryPlanner planner = new MemoryPlanner(intervals);
    IntStream.range(0, intervals.size())
        .boxed()
        .sorted(
            Comparator.comparingLong((Integer i) -> -intervals.get(i).bytes())
                .thenComparingInt(i -> intervals.get(i).first())
                .thenComparingInt(i -> i))
        .forEach(planner::place);
    return new MemoryPlan(List.of(planner.offsets), planner.end());
  }

  /** Returns {@code bytes} rounded up to the alignment. */
  public static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  private void place(int index) {
    Interval interval = intervals.get(index);
    long bytes = aligned(interval.bytes());
    long best = -1;
    long bestGap = Long.MAX_VALUE;
    long cursor = 0;
    for (int other : placed) {
      if (!interval.overlaps(intervals.get(other))) {
        continue;
      }
      long gap = offsets[other] - cursor;
      if (gap >= bytes && gap < bestGap) {
        best = cursor;
        bestGap = gap;
      }
      cursor = Math.max(cursor, offsets[other] + aligned(intervals.get(other).bytes()));
    }
    offsets[index] = best >= 0 ? best : cursor;
    insert(index);
  }

  /** Keeps {@code placed} in the order of offsets, so that gaps are met from low to high. */
  private void insert(int index) {
    int position =
        Collections.binarySearch(
            placed, index, Comparator.comparingLong((Integer i) -> offsets[i]));
    placed.add(position < 0 ? -position - 1 : position, index);
  }

  private long end() {
    return IntStream.range(0, offsets.length)
        .mapToLong(i -> offsets[i] + aligned(intervals.get(i).bytes()))
        .max()
        .orElse(0);
  }
}
