package io.ventral.backend.onednn.update;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.loop.Tiles;
import io.ventral.op.FiniteCheck;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * flag = 1 if every number is finite and the flag before, if any, is 1, else 0. Without its sign, a
 * FLOAT32 that is not finite has larger bits than any other, so the largest bits tell.
 */
public final class FiniteLoop implements Launch, Team.Part {
  private static final int INFINITY = 0x7F800000;
  private static final long GRANULARITY = 16;

  private final Team team;
  private final MemorySegment[] inputs;
  private final MemorySegment flag;

  /** The first input: the flag of the earlier check, if there is one. */
  private final MemorySegment before;

  private final boolean continued;
  private final long elements;
  private final int[][] tiles;
  private final int[] largest;

  /** Returns the loop over the gradients. */
  public FiniteLoop(Team team, FiniteCheck check, Operands operands) {
    this.team = team;
    continued = check.continued();
    before = NativeMemory.of(operands.inputs().getFirst());
    flag = NativeMemory.of(operands.outputs().getFirst());
    inputs = merged(check.values(operands.inputs()));
    elements = Arrays.stream(inputs).mapToLong(FiniteLoop::count).sum();
    tiles = new int[team.threads()][Tiles.SIZE];
    largest = new int[team.threads()];
  }

  private static MemorySegment[] merged(List<Region> regions) {
    List<Span> spans = new ArrayList<>();
    for (Region region : regions) {
      Span span = Span.of(region);
      if (!spans.isEmpty() && spans.getLast().meets(span)) {
        span = spans.removeLast().with(span);
      }
      spans.add(span);
    }
    return spans.stream().map(Span::segment).toArray(MemorySegment[]::new);
  }

  private static long count(MemorySegment input) {
    return input.byteSize() / Float.BYTES;
  }

  @Override
  public void run() {
    Arrays.fill(largest, 0);
    team.forEach(elements, GRANULARITY, this);
    int bits = 0;
    for (int i = 0; i < largest.length; i++) {
      bits = Math.max(bits, largest[i]);
    }
    boolean soFar = !continued || before.get(JAVA_INT, 0) != 0;
    flag.set(JAVA_INT, 0, soFar && bits < INFINITY ? 1 : 0);
  }

  /** Takes elements {@code first} up to {@code end}, counted through all inputs. */
  @Override
  public void run(int thread, long first, long end) {
    int bits = 0;
    long start = 0;
    for (int i = 0; i < inputs.length && start < end; i++) {
      long count = count(inputs[i]);
      if (first < start + count) {
        long from = Math.max(first - start, 0);
        bits = Math.max(bits, largest(inputs[i], from, Math.min(end - start, count), thread));
      }
      start += count;
    }
    largest[thread] = bits;
  }

  private int largest(MemorySegment input, long from, long to, int thread) {
    int[] tile = tiles[thread];
    int bits = 0;
    for (long at = from; at < to; at += Tiles.SIZE) {
      int count = (int) Math.min(Tiles.SIZE, to - at);
      MemorySegment.copy(input, JAVA_INT, at * Integer.BYTES, tile, 0, count);
      bits = Math.max(bits, largest(tile, count));
    }
    return bits;
  }

  private static int largest(int[] tile, int count) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits = Math.max(bits, tile[i] & Integer.MAX_VALUE);
    }
    return bits;
  }
}
