package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Device;
import io.ventral.backend.cuda.CudaOptions;
import io.ventral.check.Parity;
import io.ventral.check.ParityRow;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.graph.Graph;
import io.ventral.graph.Input;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.network.GoldenFill;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.network.ParameterSpec;
import io.ventral.op.Value;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.train.LossScaling;
import io.ventral.train.Optimizer;
import io.ventral.train.TrainingProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks with the parameters and images of the golden files, at sizes that a simulated GPU can
 * bear: every node of a whole step of training, as compiled for CUDA, against the reference in
 * double, which is held against PyTorch. The reference computes each node from the very numbers
 * that the GPU read, and each is held to its own tolerance.
 */
class CudaParityTest {
  private static final int BATCH = 2;
  private static final int CLASSES = 10;
  private static final GoldenFill FILL = new GoldenFill("");
  private static final Precision SINGLE = Precision.uniform(DType.FLOAT32);

  /** Little scratch, for simulated GPUs are small. */
  private static final CudaOptions OPTIONS =
      new CudaOptions(false, false, false, 4L << 20, Optional.empty());

  @BeforeAll
  static void needsTheSimulation() {
    Path driver = Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulation of CUDA is not built: no g++");
  }

  @Test
  void everyNodeOfLeNet() {
    everyNode("lenet5", new NetworkRequest(1, 28, 28, CLASSES), SINGLE);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5, 1, 28, FLOAT16", "lenet5, 1, 28, BFLOAT16",
    "small-resnet, 3, 16, FLOAT16", "small-resnet, 3, 16, BFLOAT16"
  })
  void everyNodeIn16Bits(String name, int channels, int size, DType format) {
    NetworkRequest request = new NetworkRequest(channels, size, size, CLASSES);
    everyNode(name, request, Precision.mixed(format));
  }

  /**
   * At 64×64 each normalisation still has eight numbers a channel: of two, little is left. In 16
   * bits with padded stem, rounded gradients, ends of residual blocks.
   */
  @Tag("slow")
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"resnet18, FLOAT32", "resnet18, BFLOAT16", "googlenet, FLOAT32"})
  void everyNodeOfALargeNetwork(String name, DType format) {
    everyNode(
        name,
        new NetworkRequest(3, 64, 64, CLASSES),
        format == DType.FLOAT32 ? SINGLE : Precision.mixed(format));
  }

  private static void everyNode(String name, NetworkRequest size, Precision precision) {
    Network network = SmallResNet.find(name, size);
    LoweringOptions lowering = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    TrainingProgram program =
        TrainingProgram.build(
            network,
            BATCH,
            new TrainingProgram.Options(
                lowering, sgd, 0.1, LossScaling.of(precision), /* gradientOutputs= */ false));
    List<Device> devices = Devices.open(Mesh.parse("cuda"), new DeviceOptions(1, OPTIONS));
    Graph graph = new Compiler(devices, precision).compile(program.graph()).graph();
    Map<Value, HostTensor> tensors = tensors(graph, program.parameters());
    try (Parity parity = new Parity(devices.getFirst())) {
      List<ParityRow> rows = parity.check(graph, precision.computed(), tensors);
      assertEquals(graph.nodes().size(), rows.size());
      assertEquals(List.of(), rows.stream().filter(row -> row.verdict() != Verdict.OK).toList());
      assertTrue(rows.stream().anyMatch(row -> row.error() > 0), "numbers are rounded");
    } finally {
      tensors.values().forEach(HostTensor::close);
      devices.forEach(Device::close);
    }
  }

  private static Map<Value, HostTensor> tensors(Graph graph, List<ParameterSpec> parameters) {
    Map<String, ParameterSpec> specs =
        parameters.stream().collect(Collectors.toMap(ParameterSpec::name, spec -> spec));
    Map<Value, HostTensor> tensors = new LinkedHashMap<>();
    for (Input input : graph.inputs()) {
      tensors.put(input.value(), fed(input.name(), input.value().type()));
    }
    for (State state : graph.states()) {
      tensors.put(state.initial(), initial(state, Optional.ofNullable(specs.get(state.name()))));
    }
    return tensors;
  }

  private static HostTensor fed(String name, TensorType type) {
    return switch (name) {
      case "input" -> FILL.uniform(name, type);
      case "labels" -> filled(type, i -> 37 * i % CLASSES);
      case "weights" -> filled(type, i -> 1);
      case "normalizer" -> filled(type, i -> 1.0 / BATCH);
      case "learning_rate" -> filled(type, i -> 1e-3);
      case "step" -> filled(type, i -> 0);
      default -> throw new AssertionError("input " + name);
    };
  }

  /** Parameters and statistics by formula, momentum, counters and scale as after some steps. */
  private static HostTensor initial(State state, Optional<ParameterSpec> parameter) {
    if (parameter.isPresent()) {
      return FILL.tensor(parameter.get(), state.type().dtype());
    }
    return switch (state.role()) {
      case StateRole.Slot slot -> momentum(state);
      case StateRole.LossScale scale -> filled(state.type(), i -> 1024);
      case StateRole.Parameter _, StateRole.Statistic _, StateRole.Counter _ ->
          filled(state.type(), i -> 1);
    };
  }

  private static HostTensor momentum(State state) {
    HostTensor momentum = FILL.uniform(state.name(), state.type());
    for (long i = 0; i < momentum.type().elements(); i++) {
      momentum.set(i, 0.01 * momentum.get(i));
    }
    return momentum;
  }

  private static HostTensor filled(TensorType type, LongToDoubleFunction at) {
    HostTensor tensor = HostTensor.zeros(type);
    tensor.setRowMajor(at);
    return tensor;
  }
}
