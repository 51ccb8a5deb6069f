package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.train.TensorSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Golden networks smaller than in their files, on the simulation of CUDA: the golden values are
 * those of the reference in float64, which {@link GoldenModelsTest} holds against PyTorch. How near
 * float32 must come is said in test-data/golden/README.md.
 */
class CudaGoldenTest {
  private static final NetworkRequest SIZE = new NetworkRequest(3, 64, 64, 10);
  private static final double FLOAT = 1e-4;
  private static final double FLOAT_NORM = 0.05;
  private static final double PROVES_NOTHING = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "googlenet"})
  void scoresLossAndGradients(String name) {
    Path driver = Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulation of CUDA is not built: no g++");
    NetworkDefinition model = Models.find(name).orElseThrow();
    try (GoldenRun reference = new GoldenRun(model, SIZE, "reference", DType.FLOAT64);
        GoldenRun cuda = new GoldenRun(model, SIZE, "cuda", DType.FLOAT32)) {
      Agreement logits = logits(reference.logits(), cuda.logits());
      TensorSteps.Result golden = reference.step();
      TensorSteps.Result found = cuda.step();
      Agreement loss = new Agreement("loss");
      loss.add("step 1", golden.loss(), found.loss(), FLOAT * Math.max(1, golden.loss()));
      Agreement gradients = gradients(golden.gradients(), found.gradients());
      assertAll(Stream.of(logits, loss, gradients).map(agreement -> agreement::check));
    }
  }

  private static Agreement logits(double[] golden, double[] found) {
    Agreement agreement = new Agreement("logits");
    int classes = SIZE.classes();
    for (int i = 0; i < golden.length; i++) {
      int image = i / classes * classes;
      double scale = norm(Arrays.copyOfRange(golden, image, image + classes)) / Math.sqrt(classes);
      agreement.add("logit " + i, golden[i], found[i], FLOAT * scale);
    }
    return agreement;
  }

  private static Agreement gradients(
      Map<String, HostTensor> golden, Map<String, HostTensor> found) {
    assertEquals(golden.keySet(), found.keySet());
    double largest = golden.values().stream().mapToDouble(CudaGoldenTest::norm).max().orElseThrow();
    Agreement agreement = new Agreement("gradient norms");
    golden.forEach(
        (name, gradient) -> {
          double norm = norm(gradient);
          if (norm >= PROVES_NOTHING * largest) {
            agreement.add(name, norm, norm(found.get(name)), FLOAT_NORM * norm);
          }
        });
    return agreement;
  }

  private static double norm(HostTensor tensor) {
    return norm(tensor.toRowMajor());
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
  }
}
