package io.ventral.backend.onednn.loop;

import io.ventral.backend.Launch;
import io.ventral.backend.onednn.library.Team;
import java.lang.foreign.MemorySegment;

/** y = x, byte by byte; nothing is left to do where y lies over x. */
public final class CopyLoop implements Launch, Team.Part {
  /** Bytes that stay with one thread. */
  private static final long UNIT = 64;

  private final Team team;
  private final MemorySegment from;
  private final MemorySegment to;
  private final long bytes;

  /** Returns the loop; it does nothing where both are one place. */
  public CopyLoop(Team team, MemorySegment from, MemorySegment to) {
    this.team = team;
    this.from = from;
    this.to = to;
    this.bytes = from.address() == to.address() ? 0 : from.byteSize();
  }

  @Override
  public void run() {
    team.forEach(Math.ceilDiv(bytes, UNIT), 1, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    long begin = first * UNIT;
    MemorySegment.copy(from, begin, to, begin, Math.min(bytes, end * UNIT) - begin);
  }
}
