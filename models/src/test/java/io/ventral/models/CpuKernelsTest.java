package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Device;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.op.Copy;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.tensor.DType;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.train.EvaluationProgram;
import io.ventral.train.Optimizer;
import io.ventral.train.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No node of a built-in network, in training and in evaluation, in FLOAT32 and with 16 bits, is
 * computed on {@code cpu} by a reference loop, ours or oneDNN's.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CpuKernelsTest {
  private final List<Device> devices = Devices.open(Mesh.parse("cpu"), DeviceOptions.of(2));

  @AfterAll
  void close() {
    devices.forEach(Device::close);
  }

  static Stream<Object[]> programs() {
    return Stream.of(Precision.uniform(DType.FLOAT32), Precision.mixed(DType.BFLOAT16))
        .flatMap(precision -> Models.all().stream().map(model -> new Object[] {model, precision}));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("programs")
  void everyNodeHasAFastKernel(NetworkDefinition model, Precision precision) {
    assumeComputesIn(precision.computed());
    Network network = model.define(model.defaults());
    LoweringOptions training = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    TrainingProgram.Options options =
        new TrainingProgram.Options(training, sgd, 0.1, Optional.empty(), false);
    Graph step = TrainingProgram.build(network, 2, options).graph();
    Graph evaluation = EvaluationProgram.build(network, 2, DType.FLOAT32).graph();
    assertEquals(List.of(), slow(step, precision));
    assertEquals(List.of(), slow(evaluation, precision));
  }

  /** Skips formats for which this machine's processor has no instructions, and says so. */
  private void assumeComputesIn(DType dtype) {
    List<TensorType> vector = List.of(TensorType.of(dtype, 1));
    try {
      devices.getFirst().bind(new Copy(0), vector, vector);
    } catch (EngineException e) {
      assumeTrue(e.kind() != ErrorKind.UNSUPPORTED, e.getMessage() + ": not tested");
      throw e;
    }
  }

  private List<String> slow(Graph graph, Precision precision) {
    Executable executable = new Compiler(devices, precision).compile(graph);
    List<String> slow = new ArrayList<>();
    for (int i = 0; i < executable.kernels().size(); i++) {
      String implementation = executable.kernels().get(i).implementation();
      if (implementation.contains("ref")) {
        slow.add(executable.graph().nodes().get(i).name() + ": " + implementation);
      }
    }
    return slow;
  }
}
