package io.ventral.backend;

import io.ventral.tensor.HostTensor;
import java.util.List;

/** Where the inputs of a program are handed in for one device, run after run. */
public interface Intake {
  /**
   * Takes elements of {@code source}, from memory index {@code first} on, as input {@code input} of
   * the next run; the source is the caller's again. Runs launched before do not see it.
   */
  void put(int input, HostTensor source, long first);

  /** Sends what was put on its way, ahead of the launches of its run. */
  void send();

  /** Returns what a run begins with so that its inputs are in their regions; may be nothing. */
  List<Launch> arrival();
}
