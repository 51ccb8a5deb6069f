package io.ventral.data;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Daemon threads that all do the same work. */
final class DecoderThreads {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final List<Thread> threads;

  DecoderThreads(int count, Runnable work) {
    threads =
        IntStream.range(0, count)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("decoder-" + i).unstarted(work))
            .toList();
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Interrupts the threads and returns whether all have ended within ten seconds. An interrupt of
   * the caller does not shorten the wait and is kept for it.
   */
  boolean stop() {
    threads.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive() && System.nanoTime() < deadline) {
        try {
          thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return threads.stream().noneMatch(Thread::isAlive);
  }
}
