package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Memory;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.op.Add;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.op.Copy;
import io.ventral.op.MaxPool;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.Softmax;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a device is: kernels that are limited by memory next to a plain copy, convolutions, and
 * what repeating many small launches costs one by one and taken together. Wall-clock times of many
 * repetitions in a row, after some that do not count.
 */
public final class Speed {
  /** Far more than caches hold. */
  private static final long USUAL_BYTES = 128L << 20;

  /** Of the free memory: room for four operands, some more to try algorithms on, and scratch. */
  private static final long SHARE = 64;

  private static final int WARM_UP = 3;
  private static final int TIMES = 10;
  private static final int CHAIN = 200;
  private static final int CHAIN_ELEMENTS = 4096;
  private static final int CHANNELS = 64;
  private static final int SIDE = 56;
  private static final double NANOS = 1e9;

  private final Device device;
  private final DType dtype;
  private final int samples;
  private final List<SpeedRow> rows = new ArrayList<>();

  /** What the operands of one kernel after the other lie in, for a device frees nothing singly. */
  private final List<Memory> memories = new ArrayList<>();

  private Speed(Device device, DType dtype, long bytes) {
    this.device = device;
    this.dtype = dtype;
    long sample = (long) CHANNELS * SIDE * SIDE * dtype.bytes();
    this.samples = Math.toIntExact(Math.max(1, bytes / sample));
  }

  /** Returns the bytes of the largest operand that suit a device: 128 MiB where it has the room. */
  public static long usualBytes(Device device) {
    return Math.min(USUAL_BYTES, device.freeBytes().orElse(Long.MAX_VALUE) / SHARE);
  }

  /**
   * Returns what was measured, the plain copy first.
   *
   * @param bytes of the largest operand
   * @throws io.ventral.error.EngineException RESOURCE if the device has not the memory, UNSUPPORTED
   *     if it does not compute in {@code dtype}
   */
  public static List<SpeedRow> measure(Device device, DType dtype, long bytes) {
    return new Speed(device, dtype, bytes).measure();
  }

  private List<SpeedRow> measure() {
    TensorType x = TensorType.of(dtype, samples, CHANNELS, SIDE, SIDE);
    TensorType channels = TensorType.of(dtype.accumulator(), CHANNELS);
    moved("copy", new Copy(0), x);
    moved("ReLU", new Relu(), x);
    moved("sum", new Add(), x, x);
    moved("softmax", new Softmax(), x);
    moved("max pooling 3x3", new MaxPool(Window2d.square(3, 2, 1), Rounding.FLOOR), x);
    moved("batch normalisation", new BatchNormTrain(1e-5, 1), x, channels, channels);
    Window2d window = Window2d.square(3, 1, 1);
    TensorType filter = TensorType.of(dtype, CHANNELS, CHANNELS, 3, 3);
    computed("convolution 3x3", new Conv2d(window, 1), x, filter);
    computed("its input gradient", new Conv2dGradInput(window, 1, SIDE, SIDE), filter, x);
    computed("its filter gradient", new Conv2dGradFilter(window, 1), x, x);
    chain();
    return List.copyOf(rows);
  }

  private void moved(String what, Op op, TensorType... inputs) {
    Placed placed = place(op, List.of(inputs));
    rows.add(new SpeedRow(what, seconds(List.of(placed.launch())), placed.bytes(), 0));
  }

  private void computed(String what, Op op, TensorType... inputs) {
    Placed placed = place(op, List.of(inputs));
    long operations = 2 * op.multiplyAdds(List.of(inputs), op.outputTypes(List.of(inputs)));
    rows.add(new SpeedRow(what, seconds(List.of(placed.launch())), 0, operations));
  }

  private void chain() {
    TensorType small = TensorType.of(dtype, CHAIN_ELEMENTS);
    List<Launch> launches = new ArrayList<>();
    for (int i = 0; i < CHAIN; i++) {
      launches.add(place(new Relu(), List.of(small)).launch());
    }
    double single = time(() -> device.run(() -> launches.forEach(Launch::run)));
    rows.add(new SpeedRow("small kernel, launched by itself", single / CHAIN, 0, 0));
    rows.add(new SpeedRow("small kernel, among many as one", seconds(launches) / CHAIN, 0, 0));
  }

  /** A kernel with operands, and the bytes of these. */
  private record Placed(Launch launch, long bytes) {}

  private Placed place(Op op, List<TensorType> inputs) {
    List<TensorType> outputs = op.outputTypes(inputs);
    Kernel kernel = device.bind(op, inputs, outputs);
    List<Region> from = new ArrayList<>();
    for (TensorType type : inputs) {
      from.add(region(from.size(), type, device.bytes(type)));
    }
    List<Region> to = new ArrayList<>();
    for (TensorType type : outputs) {
      boolean opaque = type.dtype() == DType.OPAQUE;
      long bytes = opaque ? kernel.savedBytes() : device.bytes(type);
      to.add(region(from.size() + to.size(), type, bytes));
    }
    Region scratch = region(from.size() + to.size(), TensorType.opaque(), kernel.workspaceBytes());
    long bytes = 0;
    for (List<Region> regions : List.of(from, to)) {
      bytes += regions.stream().mapToLong(Region::bytes).sum();
    }
    return new Placed(kernel.place(new Operands(from, to, scratch)), bytes);
  }

  /** Returns the place of a kernel's operand by its number, where that of earlier ones was. */
  private Region region(int number, TensorType type, long bytes) {
    if (number == memories.size()) {
      memories.add(device.allocate("an operand", bytes));
    } else if (memories.get(number).bytes() < bytes) {
      memories.set(number, device.allocate("an operand", bytes));
    }
    return new Region(memories.get(number), 0, bytes, type);
  }

  private double seconds(List<Launch> launches) {
    return time(device.together(launches));
  }

  private double time(Launch launch) {
    for (int i = 0; i < WARM_UP; i++) {
      launch.run();
    }
    device.finish();
    long begin = System.nanoTime();
    for (int i = 0; i < TIMES; i++) {
      launch.run();
    }
    device.finish();
    return (System.nanoTime() - begin) / NANOS / TIMES;
  }
}
