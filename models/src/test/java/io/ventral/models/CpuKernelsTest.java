package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.backend.Device;
import io.ventral.graph.Graph;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.tensor.DType;
import io.ventral.train.EvaluationProgram;
import io.ventral.train.Optimizer;
import io.ventral.train.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No node of a built-in network is computed on {@code cpu} by a reference loop, ours or oneDNN's.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CpuKernelsTest {
  private final List<Device> devices = Devices.open(Mesh.parse("cpu"), DeviceOptions.of(2));

  @AfterAll
  void close() {
    devices.forEach(Device::close);
  }

  static List<NetworkDefinition> models() {
    return Models.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyNodeHasAFastKernel(NetworkDefinition model) {
    Network network = model.define(model.defaults());
    LoweringOptions training = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    assertEquals(
        List.of(),
        slow(
            TrainingProgram.build(
                    network,
                    2,
                    new TrainingProgram.Options(training, sgd, 0.1, Optional.empty(), false))
                .graph()));
    assertEquals(List.of(), slow(EvaluationProgram.build(network, 2, DType.FLOAT32).graph()));
  }

  private List<String> slow(Graph graph) {
    Executable executable = new Compiler(devices).compile(graph);
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
