package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Loops of our own on oneDNN's OpenMP threads, so that no other threads fight with them: the OpenMP
 * runtime calls back into Java on each thread of its team.
 */
@SuppressWarnings("restricted")
public final class Team {
  /** Elements below which a loop is not worth sharing. */
  private static final long WORTH_SHARING = 8192;

  /** Part of a loop: elements {@code from} up to {@code to}, as thread number {@code thread}. */
  @FunctionalInterface
  public interface Part {
    void run(int thread, long from, long to);
  }

  private final DnnlLibrary library;
  private final int threads;
  private final MemorySegment callback;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Part part;
  private long count;
  private long step;

  /** Returns the team of the calling thread, of so many threads, itself among them. */
  public Team(DnnlLibrary library, int threads, Arena arena) {
    this.library = library;
    this.threads = threads;
    library.setThreads(threads);
    try {
      MethodHandle entry =
          MethodHandles.lookup()
              .findVirtual(Team.class, "enter", MethodType.methodType(void.class, long.class))
              .bindTo(this);
      // A pointer taken as a number: as a segment it would be a new object at every call.
      callback =
          Linker.nativeLinker().upcallStub(entry, FunctionDescriptor.ofVoid(JAVA_LONG), arena);
    } catch (ReflectiveOperationException e) {
      throw new EngineException(ErrorKind.INTERNAL, "callback: " + e, e);
    }
  }

  /** Returns how many threads there are. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code loop} over {@code elements} elements, split into one run a thread at multiples of
   * {@code granularity}; which thread has which run depends on nothing else.
   */
  public void forEach(long elements, long granularity, Part loop) {
    if (threads == 1 || elements < WORTH_SHARING) {
      loop.run(0, 0, elements);
      return;
    }
    share(elements, granularity, loop);
  }

  /** Runs {@code loop} over {@code elements} elements each of which is worth sharing. */
  public void share(long elements, Part loop) {
    share(elements, 1, loop);
  }

  private void share(long elements, long granularity, Part loop) {
    part = loop;
    count = elements;
    step = Math.ceilDiv(Math.ceilDiv(elements, threads), granularity) * granularity;
    library.parallel(callback, threads);
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw new EngineException(ErrorKind.INTERNAL, "loop: " + thrown, thrown);
    }
  }

  /** Entered by every thread of the team; an exception must not reach native code. */
  void enter(long unused) {
    try {
      int thread = library.threadNumber();
      long from = Math.min(count, thread * step);
      long to = Math.min(count, from + step);
      if (from < to) {
        part.run(thread, from, to);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }
}
