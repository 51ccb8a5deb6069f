package io.ventral.backend.reference;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A loop over independent outputs, spread over threads. Each index computes its own outputs alone,
 * so the result does not depend on the number of threads.
 */
final class ParallelLoop {
  /** Inner operations below which handing work to other threads costs more than it saves. */
  private static final long WORTH_SHARING = 20_000;

  private final ForkJoinPool pool;

  ParallelLoop(int threads) {
    pool = new ForkJoinPool(threads);
  }

  /** Runs {@code body} for 0 … count−1, each index costing about {@code work} inner operations. */
  void forEach(int count, long work, IntConsumer body) {
    if (pool.getParallelism() == 1 || count * work < WORTH_SHARING) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
    } else {
      pool.invoke(ForkJoinTask.adapt(() -> IntStream.range(0, count).parallel().forEach(body)));
    }
  }

  void close() {
    pool.close();
  }
}
