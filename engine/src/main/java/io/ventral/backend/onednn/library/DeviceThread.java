package io.ventral.backend.onednn.library;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread of a device. Every thread that calls OpenMP gets a team of its own, and teams
 * would fight for the cores; so all native work of a device is done here. Handing work over
 * allocates nothing, which cannot be said of the executors in the JDK.
 */
public final class DeviceThread implements AutoCloseable {
  private final Thread thread;

  /** Held by the caller whose work is waited for. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Set by the caller, and to null by the thread when it is done. */
  private volatile Runnable work;

  private volatile boolean closed;
  private Thread caller;
  private Throwable failure;

  /** Starts the thread. */
  public DeviceThread(String name) {
    thread = Thread.ofPlatform().name(name).daemon().start(this::serve);
  }

  /** Returns what {@code task} gives, done on the device's thread. */
  public <T> T call(Callable<T> task) {
    Result<T> result = new Result<>(task);
    run(result);
    return result.value;
  }

  /** Does {@code task} on the device's thread and waits for its end. */
  public void run(Runnable task) {
    Throwable thrown = Thread.currentThread().equals(thread) ? outcome(task) : handOver(task);
    if (thrown != null) {
      throw asEngineException(thrown);
    }
  }

  private Throwable handOver(Runnable task) {
    turn.lock();
    try {
      if (closed) {
        throw EngineException.internal("device thread: closed");
      }
      caller = Thread.currentThread();
      work = task;
      LockSupport.unpark(thread);
      boolean interrupted = false;
      while (work != null) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        caller.interrupt();
      }
      return failure;
    } finally {
      turn.unlock();
    }
  }

  private void serve() {
    while (!closed) {
      Runnable next = work;
      if (next == null) {
        LockSupport.park(this);
      } else {
        failure = outcome(next);
        Thread waiting = caller;
        work = null;
        LockSupport.unpark(waiting);
      }
    }
  }

  private static Throwable outcome(Runnable task) {
    try {
      task.run();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private static EngineException asEngineException(Throwable cause) {
    return cause instanceof EngineException known
        ? known
        : new EngineException(ErrorKind.INTERNAL, "device thread: " + cause, cause);
  }

  /** Ends the thread after the work in hand. */
  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      LockSupport.unpark(thread);
    } finally {
      turn.unlock();
    }
  }

  /** A task that keeps what it gives. */
  private static final class Result<T> implements Runnable {
    private final Callable<T> task;
    private T value;

    Result(Callable<T> task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        value = task.call();
      } catch (Exception e) {
        throw asEngineException(e);
      }
    }
  }
}
