package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Operands;
import io.ventral.backend.Preparation;
import io.ventral.backend.Region;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program on the device under test, node by node, every operand and the workspace between guards.
 * Before a node runs its outputs hold NaN, or where they are integers a number that none computes.
 */
final class DeviceProgram {
  private static final String IN_PLACE = " over an input";
  private static final String PREPARED = " of a prepared input";
  private static final double NO_RESULT = -559_038_737;

  private final Device device;
  private final GuardedMemory memory;
  private final Map<Value, Region> regions = new HashMap<>();

  /**
   * What a node did.
   *
   * @param how it was run: a word behind the name of an output
   * @param defects what is wrong with where it wrote
   * @param results where its outputs lie, opaque ones left out; none if it was not run that way
   */
  record Outcome(String how, List<String> defects, Map<Value, Region> results) {
    /** Returns the name of output number {@code output}. */
    String what(int output) {
      return "output " + output + how;
    }
  }

  /** Begins a new program in {@code memory}, which is reset. */
  DeviceProgram(Device device, GuardedMemory memory) {
    this.device = device;
    this.memory = memory;
    memory.reset();
  }

  /** Gives an input its place and uploads it. */
  void feed(Value value, HostTensor tensor) {
    regions.put(value, uploaded("an input", tensor));
  }

  /** Returns whether {@code value} was fed or computed. */
  boolean has(Value value) {
    return regions.containsKey(value);
  }

  /** Returns where a value lies. */
  Region region(Value value) {
    return regions.get(value);
  }

  /** Returns {@code count} elements of a region from {@code first} on, in memory order. */
  double[] read(Region region, int first, int count) {
    DType dtype = region.type().dtype();
    long before = first == 0 ? 0 : device.bytes(TensorType.of(dtype, first));
    TensorType part = TensorType.of(dtype, count);
    return read(new Region(region.memory(), region.offset() + before, device.bytes(part), part));
  }

  /** Returns what a node does in memory of its own; later nodes use its results. */
  Outcome run(Node node, Kernel kernel) {
    List<Region> outputs = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      outputs.add(fresh(node, i, kernel));
    }
    Outcome outcome = launch(node, kernel, "", inputs(node), outputs, Set.of());
    for (int i = 0; i < outputs.size(); i++) {
      regions.put(node.outputs().get(i), outputs.get(i));
    }
    return outcome;
  }

  /**
   * Returns what a node does with its outputs over copies of the inputs that the kernel may
   * overwrite, each taken once, as the planner does; without results if there are none.
   */
  Outcome runInPlace(Node node, Kernel kernel) {
    List<Region> inputs = inputs(node);
    List<Region> outputs = new ArrayList<>();
    Map<Integer, Integer> over = overwritten(node, kernel);
    if (over.isEmpty()) {
      return new Outcome(IN_PLACE, List.of(), Map.of());
    }
    for (int output = 0; output < node.outputs().size(); output++) {
      TensorType type = node.outputs().get(output).type();
      if (over.containsKey(output)) {
        Region copy = copy(inputs.get(over.get(output)));
        inputs.set(over.get(output), copy);
        outputs.add(new Region(copy.memory(), copy.offset(), copy.bytes(), type));
      } else {
        outputs.add(fresh(node, output, kernel));
      }
    }
    return launch(node, kernel, IN_PLACE, inputs, outputs, Set.copyOf(over.values()));
  }

  /**
   * Returns what a node does with every operand prepared ahead that the kernel would have so;
   * without results if there is none.
   */
  Outcome runPrepared(Node node, Kernel kernel) {
    List<Region> inputs = inputs(node);
    Kernel computing = kernel;
    for (int input = 0; input < inputs.size(); input++) {
      Optional<Preparation> preparation = computing.preparation(input);
      if (preparation.isPresent()) {
        inputs.set(input, prepared(inputs.get(input), preparation.get().prepare()));
        computing = preparation.get().compute();
      }
    }
    if (inputs.equals(inputs(node))) {
      return new Outcome(PREPARED, List.of(), Map.of());
    }
    List<Region> outputs = new ArrayList<>();
    for (int output = 0; output < node.outputs().size(); output++) {
      outputs.add(fresh(node, output, computing));
    }
    return launch(node, computing, PREPARED, inputs, outputs, Set.of());
  }

  private Region prepared(Region input, Kernel kernel) {
    Region prepared = blank("a prepared input", TensorType.opaque(), kernel.savedBytes());
    Region workspace = blank("the workspace", TensorType.opaque(), kernel.workspaceBytes());
    kernel.place(new Operands(List.of(input), List.of(prepared), workspace)).run();
    return prepared;
  }

  /** Returns the input that each output is to lie over, where there is one. */
  private Map<Integer, Integer> overwritten(Node node, Kernel kernel) {
    Map<Integer, Integer> over = new HashMap<>();
    for (int output = 0; output < node.outputs().size(); output++) {
      for (int input = 0; input < node.inputs().size(); input++) {
        TensorType from = node.inputs().get(input).type();
        TensorType to = node.outputs().get(output).type();
        if (from.dtype() != DType.OPAQUE
            && to.dtype() != DType.OPAQUE
            && device.bytes(from) == device.bytes(to)
            && !over.containsKey(output)
            && !over.containsValue(input)
            && kernel.mayOverwrite(input, output)) {
          over.put(output, input);
        }
      }
    }
    return over;
  }

  private List<Region> inputs(Node node) {
    return new ArrayList<>(node.inputs().stream().map(regions::get).toList());
  }

  private Outcome launch(
      Node node,
      Kernel kernel,
      String how,
      List<Region> inputs,
      List<Region> outputs,
      Set<Integer> overwritten) {
    Map<Integer, HostTensor> before = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).type().dtype() != DType.OPAQUE && !overwritten.contains(i)) {
        before.put(i, download(inputs.get(i)));
      }
    }
    Region workspace = blank("the workspace", TensorType.opaque(), kernel.workspaceBytes());
    kernel.place(new Operands(inputs, outputs, workspace)).run();
    Map<Value, Region> results = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).type().dtype() != DType.OPAQUE) {
        results.put(node.outputs().get(i), outputs.get(i));
      }
    }
    List<String> defects = new ArrayList<>(memory.damage());
    before.forEach(
        (input, kept) -> {
          if (isChanged(kept, inputs.get(input))) {
            defects.add("changes its input " + input);
          }
          kept.close();
        });
    return new Outcome(how, defects.stream().map(defect -> defect + how).toList(), results);
  }

  private boolean isChanged(HostTensor before, Region region) {
    try (HostTensor after = download(region)) {
      return before.memory().mismatch(after.memory()) >= 0;
    }
  }

  /** Returns the elements of a region in memory order. */
  double[] read(Region region) {
    try (HostTensor tensor = download(region)) {
      return ReferenceProgram.elements(tensor);
    }
  }

  private HostTensor download(Region region) {
    HostTensor tensor = HostTensor.zeros(region.type());
    device.download(region, tensor, 0);
    return tensor;
  }

  private Region copy(Region source) {
    try (HostTensor tensor = download(source)) {
      return uploaded("an output over an input", tensor);
    }
  }

  private Region uploaded(String what, HostTensor tensor) {
    Region region = memory.reserve(what, tensor.type(), device.bytes(tensor.type()));
    device.upload(tensor, 0, region);
    return region;
  }

  private Region fresh(Node node, int output, Kernel kernel) {
    TensorType type = node.outputs().get(output).type();
    boolean opaque = type.dtype() == DType.OPAQUE;
    return blank("output " + output, type, opaque ? kernel.savedBytes() : device.bytes(type));
  }

  private Region blank(String what, TensorType type, long bytes) {
    Region region = memory.reserve(what, type, bytes);
    if (type.dtype().isFloating() || type.dtype() == DType.OPAQUE) {
      device.poison(region);
      return region;
    }
    try (HostTensor tensor = HostTensor.zeros(type)) {
      for (int i = 0; i < type.elements(); i++) {
        tensor.set(i, NO_RESULT);
      }
      device.upload(tensor, 0, region);
    }
    return region;
  }
}
