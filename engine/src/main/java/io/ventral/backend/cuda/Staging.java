package io.ventral.backend.cuda;

import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Pinned memory of the host through which tensors go to and from the GPU, piece by piece: while one
 * of two buffers is copied by the GPU, the other is filled. Taken at the first use.
 */
final class Staging {
  private static final int BUFFERS = 2;
  private static final long PIECE_BYTES = 8L << 20;

  private final OpenGpu gpu;
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];
  private final Driver.Event[] copied = new Driver.Event[BUFFERS];
  private int next;

  Staging(OpenGpu gpu) {
    this.gpu = gpu;
  }

  /** Enqueues a copy of elements of {@code source} from index {@code first} on; returns early. */
  void upload(HostTensor source, long first, long target, TensorType type) {
    long piece = PIECE_BYTES / type.dtype().bytes();
    for (long begin = 0; begin < type.elements(); begin += piece) {
      long count = Math.min(piece, type.elements() - begin);
      int buffer = free();
      HostTensor view = HostTensor.over(type, buffers[buffer]);
      copy(source, first + begin, view, 0, count);
      long bytes = count * type.dtype().bytes();
      gpu.driver()
          .copyToDevice(
              target + begin * type.dtype().bytes(),
              buffers[buffer].address(),
              bytes,
              gpu.stream());
      gpu.driver().record(copied[buffer], gpu.stream());
    }
  }

  /** Copies a value to {@code target} from index {@code first} on, behind all launched work. */
  void download(long source, TensorType type, HostTensor target, long first) {
    long piece = PIECE_BYTES / type.dtype().bytes();
    for (long begin = 0; begin < type.elements(); begin += piece) {
      long count = Math.min(piece, type.elements() - begin);
      int buffer = free();
      gpu.driver()
          .copyToHost(
              buffers[buffer].address(),
              source + begin * type.dtype().bytes(),
              count * type.dtype().bytes(),
              gpu.stream());
      gpu.driver().await(gpu.stream());
      copy(HostTensor.over(type, buffers[buffer]), 0, target, first + begin, count);
    }
  }

  /** Returns the number of a buffer that nothing is copied from any more. */
  private int free() {
    int buffer = next;
    next = (next + 1) % BUFFERS;
    if (buffers[buffer] == null) {
      buffers[buffer] = gpu.pinned(PIECE_BYTES);
      copied[buffer] = gpu.event();
    } else {
      gpu.driver().await(copied[buffer]);
    }
    return buffer;
  }

  /** Copies elements from memory index to memory index, each in its tensor's format. */
  static void copy(HostTensor from, long fromFirst, HostTensor to, long toFirst, long count) {
    if (from.type().dtype() == to.type().dtype()) {
      long size = from.type().dtype().bytes();
      MemorySegment.copy(
          from.memory(), fromFirst * size, to.memory(), toFirst * size, count * size);
      return;
    }
    for (long i = 0; i < count; i++) {
      to.set(toFirst + i, from.get(fromFirst + i));
    }
  }
}
