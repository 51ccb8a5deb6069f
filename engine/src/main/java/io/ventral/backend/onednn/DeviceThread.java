package io.ventral.backend.onednn;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The one thread of a device. Every thread that calls OpenMP gets a team of its own, and teams
 * would fight for the cores; so all native work of a device is done here.
 */
final class DeviceThread implements AutoCloseable {
  private final ExecutorService executor;
  private volatile Thread thread;

  DeviceThread(String name) {
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              thread = Thread.ofPlatform().name(name).daemon().unstarted(work);
              return thread;
            });
  }

  /** Returns what {@code work} gives, done on the device's thread. */
  <T> T call(Callable<T> work) {
    if (Thread.currentThread().equals(thread)) {
      return direct(work);
    }
    Future<T> future = executor.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw asEngineException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> T direct(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw asEngineException(e);
    }
  }

  private static EngineException asEngineException(Throwable cause) {
    return cause instanceof EngineException known
        ? known
        : new EngineException(ErrorKind.INTERNAL, "device thread: " + cause, cause);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
