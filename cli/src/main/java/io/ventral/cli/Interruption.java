package io.ventral.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal end a job in order: the process waits, within limits, until the job has saved its
 * state. A signal then ends the process with its own code, 130 for an interrupt.
 */
final class Interruption {
  private static final long LIMIT_SECONDS = 60;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook;

  /** Begins to listen; {@code stop} is called at a signal. */
  Interruption(Runnable stop) {
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
      if (!saved.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "ventral: the state was not saved within "
                + LIMIT_SECONDS
                + " s; the last checkpoint holds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the state is saved, or that there is none to save. */
  void end() {
    saved.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // The signal has come: the hook is at work and ends now.
    }
  }
}
