package io.ventral.backend;

/** A kernel with its operands. */
@FunctionalInterface
public interface Launch {
  /** Computes the outputs, or enqueues that behind what was launched before; allocates nothing. */
  void run();

  /** Returns {@code launches}, one after the other, as one. */
  static Launch inOrder(Launch... launches) {
    Launch[] each = launches.clone();
    return each.length == 1
        ? each[0]
        : () -> {
          for (Launch launch : each) {
            launch.run();
          }
        };
  }
}
