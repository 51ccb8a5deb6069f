package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.cuda.CudaOptions;
import io.ventral.network.GoldenFill;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.train.Optimizer;
import io.ventral.train.TensorRun;
import io.ventral.train.TensorSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks train in 16 bits on the CUDA backend, here on the simulation of CUDA. */
class CudaMixedPrecisionTest {
  private static final int BATCH = 2;
  private static final int CLASSES = 10;
  private static final int STEPS = 3;
  private static final long WORKSPACE_BYTES = 4L << 20;

  @BeforeAll
  static void needsTheSimulation() {
    Path driver = Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulation of CUDA is not built: no g++");
  }

  /**
   * The first loss depends on the forward pass alone; a rounding more or less is allowed a few.
   * Where a batch as small as this is normalised, roundings decide signs: such networks are judged
   * node by node ({@link NetworkParityTest}).
   */
  @ParameterizedTest
  @CsvSource({"lenet5, 1, 28, BFLOAT16", "lenet5, 1, 28, FLOAT16"})
  void losesNoMoreThanTheReferenceDoes(String name, int channels, int size, DType computed) {
    try (Run reference = new Run(name, channels, size, DeviceKind.REFERENCE, true, computed);
        Run cuda = new Run(name, channels, size, DeviceKind.CUDA, true, computed)) {
      double expected = reference.step().loss();
      assertEquals(expected, cuda.step().loss(), 4 * computed.epsilon() * expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"lenet5, 1, 28, FLOAT16", "resnet18, 3, 32, BFLOAT16"})
  void replayedStepsGiveTheBitsOfSingleLaunches(
      String name, int channels, int size, DType computed) {
    try (Run captured = new Run(name, channels, size, DeviceKind.CUDA, true, computed);
        Run eager = new Run(name, channels, size, DeviceKind.CUDA, false, computed)) {
      for (int step = 0; step < STEPS; step++) {
        TensorSteps.Result expected = eager.step();
        TensorSteps.Result found = captured.step();
        assertEquals(expected.loss(), found.loss(), "loss of step " + step);
        Map<String, double[]> gradients = elements(found);
        elements(expected)
            .forEach((key, values) -> assertArrayEquals(values, gradients.get(key), key));
      }
    }
  }

  private static Map<String, double[]> elements(TensorSteps.Result result) {
    Map<String, double[]> elements = new TreeMap<>();
    result.gradients().forEach((name, tensor) -> elements.put(name, tensor.toRowMajor()));
    return elements;
  }

  /** A small network with parameters and images by formula. */
  private static final class Run implements AutoCloseable {
    private final TensorRun run;
    private final HostTensor images;
    private final HostTensor labels =
        HostTensor.ofRowMajor(TensorType.of(DType.INT64, BATCH), 3, 7);

    Run(String name, int channels, int size, DeviceKind device, boolean graphs, DType computed) {
      NetworkDefinition model = Models.find(name).orElseThrow();
      Network network = model.define(new NetworkRequest(channels, size, size, CLASSES));
      GoldenFill fill = new GoldenFill("");
      images = fill.uniform("input", TensorType.of(DType.FLOAT32, BATCH, channels, size, size));
      CudaOptions cuda = new CudaOptions(false, false, graphs, WORKSPACE_BYTES, Optional.empty());
      run =
          TensorRun.open(
              network,
              BATCH,
              new TensorRun.Options(
                  Mesh.of(new DeviceId(device, 0)),
                  Precision.mixed(computed),
                  new DeviceOptions(2, cuda),
                  false,
                  List.of(network.output()),
                  Optional.of(new Optimizer.Sgd(0.9, false, 1e-4))));
      run.fill(fill);
    }

    TensorSteps.Result step() {
      return run.step(images, labels, 1e-3);
    }

    @Override
    public void close() {
      run.close();
      images.close();
      labels.close();
    }
  }
}
