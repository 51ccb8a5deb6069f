package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Device;
import io.ventral.check.Parity;
import io.ventral.check.ParityRow;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.graph.Input;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.op.Value;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Precision;
import io.ventral.tensor.Shape;
import io.ventral.train.EvaluationProgram;
import io.ventral.train.Optimizer;
import io.ventral.train.TrainingProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every node of a whole step of training, or of evaluation, on {@code cpu}, as compiled for it,
 * against the reference, which computes each from the very numbers that the device read.
 */
class NetworkParityTest {
  private static final int BATCH = 2;
  private static final int CLASSES = 10;
  private static final Philox RANDOM = new Philox(0);

  @ParameterizedTest(name = "{0}, {1}x{1}, {2}")
  @CsvSource({"lenet5, 28, FLOAT32", "lenet5, 28, BFLOAT16", "resnet18, 32, BFLOAT16"})
  void everyNodeOfAStep(String model, int size, DType dtype) {
    Network network = network(model, size);
    LoweringOptions lowering = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    TrainingProgram.Options options =
        new TrainingProgram.Options(lowering, sgd, 0.1, Optional.empty(), false);
    check(TrainingProgram.build(network, BATCH, options).graph(), dtype);
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}, {1}x{1}, {2}")
  @CsvSource({
    "resnet18, 64, FLOAT32",
    "resnet50, 64, FLOAT32",
    "googlenet, 64, FLOAT32",
    "googlenet, 64, BFLOAT16",
    "alexnet, 64, FLOAT32",
    "vgg16, 32, FLOAT32"
  })
  void everyNodeOfAStepOfALargeNetwork(String model, int size, DType dtype) {
    everyNodeOfAStep(model, size, dtype);
  }

  @ParameterizedTest(name = "{0}, {1}x{1}, {2}")
  @CsvSource({"resnet18, 32, BFLOAT16"})
  void everyNodeOfAnEvaluation(String model, int size, DType dtype) {
    check(EvaluationProgram.build(network(model, size), BATCH, DType.FLOAT32).graph(), dtype);
  }

  private static Network network(String model, int size) {
    int channels = model.equals("lenet5") ? 1 : 3;
    NetworkRequest request = new NetworkRequest(channels, size, size, CLASSES);
    return Models.find(model).orElseThrow().define(request);
  }

  private static void check(Graph program, DType dtype) {
    List<Device> devices = Devices.open(Mesh.parse("cpu"), DeviceOptions.of(2));
    Graph graph = compiled(devices, program, dtype);
    Map<Value, HostTensor> tensors = tensors(graph);
    try (Parity parity = new Parity(devices.getFirst())) {
      List<ParityRow> rows = parity.check(graph, dtype, tensors);
      assertEquals(graph.nodes().size(), rows.size());
      assertEquals(List.of(), rows.stream().filter(row -> row.verdict() != Verdict.OK).toList());
      assertTrue(rows.stream().anyMatch(row -> row.error() > 0), dtype + " rounds");
    } finally {
      tensors.values().forEach(HostTensor::close);
      devices.forEach(Device::close);
    }
  }

  /** Skips a format for which this machine's processor has no instructions, and says so. */
  private static Graph compiled(List<Device> devices, Graph program, DType dtype) {
    try {
      return new Compiler(devices, new Precision(DType.FLOAT32, dtype)).compile(program).graph();
    } catch (EngineException e) {
      assumeTrue(e.kind() != ErrorKind.UNSUPPORTED, e.getMessage() + ": not tested");
      throw e;
    }
  }

  private static Map<Value, HostTensor> tensors(Graph graph) {
    Map<Value, HostTensor> tensors = new LinkedHashMap<>();
    for (Input input : graph.inputs()) {
      tensors.put(input.value(), fed(input.name(), input.value()));
    }
    for (State state : graph.states()) {
      tensors.put(state.initial(), initial(state));
    }
    return tensors;
  }

  private static HostTensor fed(String name, Value value) {
    HostTensor tensor = HostTensor.zeros(value.type());
    switch (name) {
      case "input" -> uniform(tensor, name, -1, 1);
      case "labels" -> tensor.setRowMajor(i -> i);
      case "weights" -> tensor.setRowMajor(i -> 1);
      case "normalizer" -> tensor.set(0, 1.0 / BATCH);
      case "learning_rate" -> tensor.set(0, 0.01);
      case "step" -> tensor.set(0, 3);
      default -> throw new AssertionError("input " + name);
    }
    return tensor;
  }

  /** Weights as He draws them, statistics and slots as after some steps. */
  private static HostTensor initial(State state) {
    HostTensor tensor = HostTensor.zeros(state.type());
    Shape shape = state.type().shape();
    switch (state.role()) {
      case StateRole.Parameter parameter when shape.rank() > 1 -> {
        double bound = Math.sqrt(6.0 / shape.elementsPerSample());
        uniform(tensor, state.name(), -bound, bound);
      }
      case StateRole.Parameter parameter -> uniform(tensor, state.name(), 0.1, 1);
      case StateRole.Slot slot -> uniform(tensor, state.name(), -0.01, 0.01);
      case StateRole.Statistic statistic -> uniform(tensor, state.name(), 0.5, 1.5);
      case StateRole.LossScale scale -> tensor.set(0, 1);
      case StateRole.Counter counter -> tensor.set(0, state.type().dtype() == DType.INT32 ? 1 : 3);
    }
    return tensor;
  }

  private static void uniform(HostTensor tensor, String name, double low, double high) {
    int purpose = Philox.purpose(name);
    tensor.setRowMajor(i -> low + (high - low) * RANDOM.uniform(purpose, 0, i));
  }
}
