package io.ventral.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal end a job in order: the process waits, within limits, until the job has saved its
 * state or removed what is half done. A signal then ends the process with its own code, 130 for an
 * interrupt.
 */
final class Interruption {
  /** What a job that was interrupted ends with. */
  static final int EXIT_CODE = 130;

  private static final long LIMIT_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final String late;
  private final Thread hook;

  /**
   * Begins to listen; {@code stop} is called at a signal.
   *
   * @param late what has to be said if the job does not end in time
   */
  Interruption(Runnable stop, String late) {
    this.late = late;
    hook =
        new Thread(
            () -> {
              stop.run();
              await();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void await() {
    try {
      if (!ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.printf("ventral: within %d s %s%n", LIMIT_SECONDS, late);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the job has ended in order, or on its own. */
  void end() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The signal has come: the hook is at work and ends now.
    }
  }
}
