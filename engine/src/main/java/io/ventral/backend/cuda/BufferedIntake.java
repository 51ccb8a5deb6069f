package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.i32;

import io.ventral.backend.Intake;
import io.ventral.backend.Launch;
import io.ventral.backend.Region;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs of one program through {@link InputBuffers}. A buffer begins with a table of parcels:
 * where each input goes to, where in the buffer it begins, its bytes. The kernel that a run begins
 * with delivers them.
 */
final class BufferedIntake implements Intake {
  private static final int WORDS = 3;
  private static final long PACK_BYTES = 16;

  private final OpenGpu gpu;
  private final InputBuffers buffers;
  private final List<Region> inputs;
  private final HostTensor[][] views = new HostTensor[2][];
  private final long bytes;
  private int buffer;
  private boolean isFilling;

  BufferedIntake(OpenGpu gpu, InputBuffers buffers, List<Region> inputs) {
    this.gpu = gpu;
    this.buffers = buffers;
    this.inputs = List.copyOf(inputs);
    bytes = bytes(types());
    for (int half = 0; half < views.length; half++) {
      views[half] = views(buffers.pinned(half));
    }
  }

  private List<TensorType> types() {
    return inputs.stream().map(Region::type).toList();
  }

  /** Returns the bytes of a buffer for such inputs. */
  static long bytes(List<TensorType> inputs) {
    return tableBytes(inputs.size())
        + inputs.stream().mapToLong(type -> Argument.Scratch.aligned(type.bytes())).sum();
  }

  private static long tableBytes(int inputs) {
    return Argument.Scratch.aligned((long) inputs * WORDS * Long.BYTES);
  }

  private HostTensor[] views(MemorySegment memory) {
    HostTensor[] tensors = new HostTensor[inputs.size()];
    long begin = tableBytes(inputs.size());
    for (int i = 0; i < tensors.length; i++) {
      TensorType type = inputs.get(i).type();
      tensors[i] = HostTensor.over(type, memory.asSlice(begin, type.bytes()));
      begin += Argument.Scratch.aligned(type.bytes());
    }
    return tensors;
  }

  @Override
  public void put(int input, HostTensor source, long first) {
    if (!isFilling) {
      gpu.makeCurrent();
      buffer = buffers.next();
      isFilling = true;
    }
    HostTensor view = views[buffer][input];
    Staging.copy(source, first, view, 0, view.type().elements());
  }

  @Override
  public void send() {
    gpu.makeCurrent();
    isFilling = false;
    MemorySegment memory = buffers.pinned(buffer);
    for (int i = 0; i < inputs.size(); i++) {
      HostTensor view = views[buffer][i];
      long begin = view.memory().address() - memory.address();
      memory.setAtIndex(ValueLayout.JAVA_LONG, (long) i * WORDS, CudaMemory.address(inputs.get(i)));
      memory.setAtIndex(ValueLayout.JAVA_LONG, (long) i * WORDS + 1, begin);
      memory.setAtIndex(ValueLayout.JAVA_LONG, (long) i * WORDS + 2, view.type().bytes());
    }
    buffers.send(bytes);
  }

  @Override
  public List<Launch> arrival() {
    List<Argument> arguments = new ArrayList<>(buffers.arguments());
    arguments.add(i32(inputs.size()));
    KernelStep step =
        new KernelStep(
            gpu,
            gpu.function("input", "deliver_inputs"),
            gpu.grid(Math.ceilDiv(bytes, PACK_BYTES)),
            arguments);
    return List.of(step.place(buffers.operands()));
  }
}
