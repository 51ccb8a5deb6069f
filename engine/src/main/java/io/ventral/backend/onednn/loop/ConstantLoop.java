package io.ventral.backend.onednn.loop;

import io.ventral.backend.Launch;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** Fills memory with one value, again at every launch, for the memory has other uses between. */
public final class ConstantLoop implements Launch, Team.Part {
  /** Bytes written at a time: a whole number of elements of any format. */
  private static final int PATTERN_BYTES = 8192;

  private final Team team;
  private final MemorySegment to;
  private final MemorySegment pattern;

  /** Returns the loop that fills {@code to}, a value of {@code type}. */
  public ConstantLoop(Team team, TensorType type, double value, MemorySegment to) {
    this.team = team;
    this.to = to;
    pattern = MemorySegment.ofArray(new long[PATTERN_BYTES / Long.BYTES]);
    int count = PATTERN_BYTES / type.dtype().bytes();
    HostTensor elements = HostTensor.over(type.with(Shape.of(count)), pattern);
    for (int i = 0; i < count; i++) {
      elements.set(i, value);
    }
  }

  @Override
  public void run() {
    team.forEach(Math.ceilDiv(to.byteSize(), Long.BYTES), PATTERN_BYTES / Long.BYTES, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    long stop = Math.min(to.byteSize(), end * Long.BYTES);
    for (long at = first * Long.BYTES; at < stop; at += PATTERN_BYTES) {
      MemorySegment.copy(pattern, 0, to, at, Math.min(PATTERN_BYTES, stop - at));
    }
  }
}
