package io.ventral.backend.onednn.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.testing.Expect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeviceThreadTest {
  private static final int CALLERS = 4;
  private static final int TASKS = 1000;

  @Test
  void allWorkIsDoneOnOneThreadThatIsNotTheCallers() {
    try (DeviceThread thread = new DeviceThread("device")) {
      Thread first = thread.call(Thread::currentThread);
      assertNotEquals(Thread.currentThread(), first);
      assertSame(first, thread.call(Thread::currentThread));
      assertSame(first, thread.call(() -> thread.call(Thread::currentThread)), "from within");
    }
  }

  @Test
  void severalCallersTakeTurns() throws InterruptedException {
    int[] count = new int[1];
    Set<Thread> workers = new HashSet<>();
    try (DeviceThread thread = new DeviceThread("device")) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int task = 0; task < TASKS; task++) {
                        thread.run(
                            () -> {
                              count[0]++;
                              workers.add(Thread.currentThread());
                            });
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }
    assertEquals(CALLERS * TASKS, count[0]);
    assertEquals(1, workers.size());
  }

  @Test
  void whatAFailureIsReachesTheCallerAndTheThreadGoesOn() {
    try (DeviceThread thread = new DeviceThread("device")) {
      EngineException own = EngineException.resource("no memory");
      Expect.error(ErrorKind.RESOURCE, () -> thread.run(() -> fail(own)), "no memory");
      Expect.error(
          ErrorKind.INTERNAL,
          () -> thread.run(() -> fail(new IllegalStateException("odd"))),
          "device thread",
          "odd");
      assertEquals(7, thread.call(() -> 7));
    }
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  @Test
  void anInterruptedCallerWaitsForItsResultAndStaysInterrupted() {
    try (DeviceThread thread = new DeviceThread("device")) {
      Thread.currentThread().interrupt();
      assertEquals(7, thread.call(() -> 7));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aClosedThreadTakesNothing() {
    DeviceThread thread = new DeviceThread("device");
    thread.close();
    Expect.error(ErrorKind.INTERNAL, () -> thread.run(() -> {}), "closed");
  }
}
