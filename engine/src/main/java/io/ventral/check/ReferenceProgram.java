package io.ventral.check;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Memory;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program on the reference device, node by node. Every floating-point value is held as FLOAT64
 * whatever format the program declares, so nothing is rounded on the way. A value takes memory when
 * it is first written or computed.
 */
final class ReferenceProgram implements AutoCloseable {
  private final Device device;
  private final List<Node> nodes;
  private final Map<Value, Region> regions = new HashMap<>();
  private final Map<Value, HostTensor> tensors = new HashMap<>();
  private final Map<Integer, Launch> launches = new HashMap<>();

  ReferenceProgram(Device device, List<Node> nodes) {
    this.device = device;
    this.nodes = List.copyOf(nodes);
  }

  private Launch launch(Node node) {
    Kernel kernel =
        device.bind(
            node.op(),
            node.inputs().stream().map(ReferenceProgram::wide).toList(),
            node.outputs().stream().map(ReferenceProgram::wide).toList());
    node.outputs().forEach(output -> place(output, kernel.savedBytes()));
    Memory scratch = device.allocate("workspace", kernel.workspaceBytes());
    return kernel.place(
        new Operands(
            node.inputs().stream().map(regions::get).toList(),
            node.outputs().stream().map(regions::get).toList(),
            new Region(scratch, 0, kernel.workspaceBytes(), TensorType.opaque())));
  }

  private void place(Value value, long savedBytes) {
    if (regions.containsKey(value)) {
      return;
    }
    TensorType type = wide(value);
    boolean opaque = type.dtype() == DType.OPAQUE;
    long bytes = opaque ? savedBytes : device.bytes(type);
    regions.put(value, new Region(device.allocate(value.toString(), bytes), 0, bytes, type));
    if (!opaque) {
      tensors.put(value, HostTensor.zeros(type));
    }
  }

  private static TensorType wide(Value value) {
    TensorType type = value.type();
    return type.dtype().isFloating() ? type.with(DType.FLOAT64) : type;
  }

  /** Sets an input, or overrides what a node gave, in memory order. */
  void write(Value value, double[] elements) {
    place(value, 0);
    HostTensor tensor = tensors.get(value);
    if (tensor.type().dtype() == DType.FLOAT64) {
      MemorySegment.copy(elements, 0, tensor.memory(), JAVA_DOUBLE, 0, elements.length);
    } else {
      for (int i = 0; i < elements.length; i++) {
        tensor.set(i, elements[i]);
      }
    }
    device.upload(tensor, 0, regions.get(value));
  }

  /** Computes a node from what was written or computed before. */
  void run(int node) {
    launches.computeIfAbsent(node, index -> launch(nodes.get(index))).run();
  }

  /** Gives up what a node read and computed, but for what it saved: for programs to be forced. */
  void forget(int node) {
    launches.remove(node);
    Stream.concat(nodes.get(node).inputs().stream(), nodes.get(node).outputs().stream())
        .filter(tensors::containsKey)
        .toList()
        .forEach(
            value -> {
              regions.remove(value);
              tensors.remove(value).close();
            });
  }

  /** Returns the elements of a value in memory order. */
  double[] read(Value value) {
    HostTensor tensor = tensors.get(value);
    device.download(regions.get(value), tensor, 0);
    return elements(tensor);
  }

  /** Returns the elements of a tensor in memory order. */
  static double[] elements(HostTensor tensor) {
    double[] elements = new double[Math.toIntExact(tensor.type().elements())];
    if (tensor.type().dtype() == DType.FLOAT64) {
      MemorySegment.copy(tensor.memory(), JAVA_DOUBLE, 0, elements, 0, elements.length);
      return elements;
    }
    for (int i = 0; i < elements.length; i++) {
      elements[i] = tensor.get(i);
    }
    return elements;
  }

  @Override
  public void close() {
    tensors.values().forEach(HostTensor::close);
  }
}
