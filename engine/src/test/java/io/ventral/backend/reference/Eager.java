package io.ventral.backend.reference;

import io.ventral.backend.Kernel;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes each operation on a reference device as soon as it is emitted, into poisoned memory. */
public final class Eager implements Emitter, AutoCloseable {
  private final ReferenceDevice device;
  private final List<Region> regions = new ArrayList<>();
  private final List<Op> emitted = new ArrayList<>();

  public Eager(int threads) {
    device = new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), threads);
  }

  /** Returns the outputs of {@code op}, but for opaque ones, in logical row-major order. */
  static List<double[]> run(Op op, HostTensor... inputs) {
    try (Eager eager = new Eager(1)) {
      List<Value> values = Arrays.stream(inputs).map(eager::input).toList();
      return eager.emit(op, values).stream()
          .filter(output -> !output.type().equals(TensorType.opaque()))
          .map(eager::get)
          .toList();
    }
  }

  /** Returns a value with the contents of {@code tensor}, which is closed. */
  public Value input(HostTensor tensor) {
    try (tensor) {
      Value value = value(tensor.type(), device.bytes(tensor.type()));
      device.upload(tensor, 0, regions.get(value.id()));
      return value;
    }
  }

  @Override
  public List<Value> emit(Op op, List<Value> inputs) {
    List<TensorType> inputTypes = inputs.stream().map(Value::type).toList();
    List<TensorType> outputTypes = op.outputTypes(inputTypes);
    Kernel kernel = device.bind(op, inputTypes, outputTypes);
    List<Value> outputs =
        outputTypes.stream().map(type -> value(type, bytes(kernel, type))).toList();
    outputs.forEach(output -> device.poison(regions.get(output.id())));
    run(kernel, inputs, outputs);
    emitted.add(op);
    return outputs;
  }

  /** Returns the outputs of {@code op} where {@code output} lies over {@code input}. */
  List<Value> emitInPlace(Op op, List<Value> inputs, int input, int output) {
    List<TensorType> inputTypes = inputs.stream().map(Value::type).toList();
    List<TensorType> outputTypes = op.outputTypes(inputTypes);
    Kernel kernel = device.bind(op, inputTypes, outputTypes);
    List<Value> outputs =
        new ArrayList<>(
            outputTypes.stream().map(type -> value(type, bytes(kernel, type))).toList());
    Region shared = regions.get(inputs.get(input).id());
    regions.set(
        outputs.get(output).id(),
        new Region(shared.memory(), 0, shared.bytes(), outputTypes.get(output)));
    run(kernel, inputs, outputs);
    return outputs;
  }

  /** Returns the elements of a value in logical row-major order. */
  public double[] get(Value value) {
    try (HostTensor tensor = HostTensor.zeros(value.type())) {
      device.download(regions.get(value.id()), tensor, 0);
      return tensor.toRowMajor();
    }
  }

  /** Returns the operations computed so far. */
  public List<Op> emitted() {
    return emitted;
  }

  boolean mayOverwrite(Op op, List<Value> inputs, int input, int output) {
    List<TensorType> types = inputs.stream().map(Value::type).toList();
    return device.bind(op, types, op.outputTypes(types)).mayOverwrite(input, output);
  }

  private long bytes(Kernel kernel, TensorType type) {
    return type.equals(TensorType.opaque()) ? kernel.savedBytes() : device.bytes(type);
  }

  private Value value(TensorType type, long bytes) {
    regions.add(new Region(device.allocate("value", bytes), 0, bytes, type));
    return new Value(regions.size() - 1, type, 0);
  }

  private void run(Kernel kernel, List<Value> inputs, List<Value> outputs) {
    kernel
        .place(
            new Operands(
                inputs.stream().map(value -> regions.get(value.id())).toList(),
                outputs.stream().map(value -> regions.get(value.id())).toList(),
                new Region(device.allocate("workspace", 0), 0, 0, TensorType.opaque())))
        .run();
  }

  @Override
  public void close() {
    device.close();
  }
}
