package io.ventral.backend.cuda;

import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Two buffers in which inputs await their run, filled in turn. While a run computes, the inputs of
 * the next are put into pinned memory of the host and copied to the GPU in a stream of their own.
 * In front of its memory on the GPU lies the number of the run, whose parity says to the kernels of
 * a captured step which of the two buffers is theirs.
 */
final class InputBuffers {
  private static final int BUFFERS = 2;

  /** What the number of the run takes, so that all else stays aligned. */
  private static final long HEAD_BYTES = 256;

  private final OpenGpu gpu;
  private final Driver.Stream copies;
  private final Region waiting;
  private final long size;
  private final MemorySegment numbers;
  private final MemorySegment[] pinned = new MemorySegment[BUFFERS];
  private final long[] onGpu = new long[BUFFERS];
  private final Driver.Event[] copied = new Driver.Event[BUFFERS];

  /** Behind the run before the one whose inputs are in the buffer. */
  private final Driver.Event[] launched = new Driver.Event[BUFFERS];

  private int current;

  /** Takes pinned memory of the size of {@code waiting}, memory of the GPU. */
  InputBuffers(OpenGpu gpu, Region waiting) {
    this.gpu = gpu;
    copies = gpu.newStream();
    this.waiting = waiting;
    size = (waiting.bytes() - HEAD_BYTES) / BUFFERS;
    numbers = gpu.pinned(BUFFERS * Long.BYTES);
    for (int buffer = 0; buffer < BUFFERS; buffer++) {
      numbers.setAtIndex(ValueLayout.JAVA_LONG, buffer, buffer);
      pinned[buffer] = gpu.pinned(size);
      onGpu[buffer] = scratch(buffer).value(operands());
      copied[buffer] = gpu.event();
      launched[buffer] = gpu.event();
    }
  }

  /** Returns the bytes on the GPU for two buffers of {@code bytes}. */
  static long bytes(long bytes) {
    return HEAD_BYTES + BUFFERS * Argument.Scratch.aligned(bytes);
  }

  /** Returns the memory of the host of both buffers. */
  MemorySegment pinned(int buffer) {
    return pinned[buffer];
  }

  /** Returns both buffers and the number of the run as parameters of a kernel. */
  List<Argument> arguments() {
    return List.of(scratch(0), scratch(1), new Argument.Scratch(0));
  }

  private Argument.Scratch scratch(int buffer) {
    return new Argument.Scratch(HEAD_BYTES + buffer * size);
  }

  /** Returns the operands of a kernel with such parameters. */
  Operands operands() {
    return new Operands(List.of(), List.of(), waiting);
  }

  /** Returns the buffer for the next run, to be filled: nothing is copied from it any more. */
  int next() {
    current = (current + 1) % BUFFERS;
    gpu.driver().await(copied[current]);
    return current;
  }

  /** Sends {@code bytes} bytes of the buffer filled last on their way, ahead of its run. */
  void send(long bytes) {
    Driver driver = gpu.driver();
    // What lay in the buffer before is used up by a run that the last event is behind.
    driver.await(copies, launched[(current + 1) % BUFFERS]);
    driver.copyToDevice(onGpu[current], pinned[current].address(), bytes, copies);
    driver.record(copied[current], copies);
    driver.record(launched[current], gpu.stream());
    driver.await(gpu.stream(), copied[current]);
    long number = numbers.address() + current * (long) Long.BYTES;
    driver.copyToDevice(CudaMemory.address(waiting), number, Long.BYTES, gpu.stream());
  }
}
