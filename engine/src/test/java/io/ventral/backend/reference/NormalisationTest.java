package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormInferGrad;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.LocalResponseNormGrad;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Examples small enough to check by hand. */
class NormalisationTest {
  private static final double ROUNDING = 1e-15;

  @Test
  void batchIsNormalisedByItsMeanAndVariance() {
    // Mean 4, squares 9 + 1 + 1 + 9 = 20, variance 5, deviation √(5 + 4) = 3.
    List<double[]> outputs =
        Eager.run(new BatchNormTrain(4, 1), column(1, 3, 5, 7), vector(3), vector(1));
    assertClose(outputs.get(0), -2, 0, 2, 4);
    assertClose(outputs.get(1), 4);
    assertClose(outputs.get(2), 5);
    assertClose(outputs.get(3), 20.0 / 3);
  }

  @Test
  void groupsHaveTheirOwnStatistics() {
    // Five samples in two groups: 1 3 and 5 7 9.
    List<double[]> outputs =
        Eager.run(new BatchNormTrain(3, 2), column(1, 3, 5, 7, 9), vector(2), vector(0));
    assertClose(outputs.get(1), 2, 7);
    assertClose(outputs.get(2), 1, 8.0 / 3);
    assertClose(outputs.get(3), 2, 4);
    double deviation = Math.sqrt(8.0 / 3 + 3);
    assertClose(outputs.get(0), -1, 1, -4 / deviation, 0, 4 / deviation);
  }

  @Test
  void batchGradientTakesOutWhatTheStatisticsAbsorb() {
    // Deviation 2, x̂ = −1/2, 1/2; dscale = −1/2; means of dy and dy·x̂: 1/2 and −1/4.
    List<double[]> gradients =
        Eager.run(
            new BatchNormGrad(new BatchNormTrain(3, 1)),
            column(1, 3),
            vector(2),
            column(2),
            column(1),
            column(1, 0));
    assertClose(gradients.get(0), 1 - 0.5 - 0.125, 0 - 0.5 + 0.125);
    assertClose(gradients.get(1), -0.5);
    assertClose(gradients.get(2), 1);
  }

  @Test
  void givenStatisticsAreConstants() {
    double[] y =
        Eager.run(new BatchNormInfer(1), column(5, 9), vector(4), vector(10), vector(1), vector(3))
            .getFirst();
    assertClose(y, 18, 26);
    List<double[]> gradients =
        Eager.run(
            new BatchNormInferGrad(1), column(5, 9), vector(4), vector(1), vector(3), column(1, 2));
    assertClose(gradients.get(0), 2, 4);
    assertClose(gradients.get(1), 2 + 8);
    assertClose(gradients.get(2), 3);
  }

  @Test
  void evenWindowOfChannelsLeansToTheFront() {
    // d = 1 + x[c−1]² + x[c]²: 2, 6, 14.
    LocalResponseNorm op = new LocalResponseNorm(2, 2, 1, 1);
    assertClose(Eager.run(op, row(1, 2, 3)).getFirst(), 1 / 2.0, 2 / 6.0, 3 / 14.0);
  }

  @Test
  void localResponseGradientReachesTheNeighbours() {
    // y[1] = x1 / d: ∂/∂x0 = −2·x0·x1/d² = −4/36, ∂/∂x1 = (d − 2·x1²)/d² = −2/36.
    LocalResponseNorm op = new LocalResponseNorm(2, 2, 1, 1);
    double[] dx =
        Eager.run(
                new LocalResponseNormGrad(op),
                row(1, 2, 3),
                row(1 / 2.0, 2 / 6.0, 3 / 14.0),
                row(0, 1, 0))
            .getFirst();
    assertClose(dx, -4 / 36.0, -2 / 36.0, 0);
  }

  private static HostTensor column(double... values) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, values.length, 1), values);
  }

  private static HostTensor row(double... values) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1, values.length), values);
  }

  private static HostTensor vector(double... values) {
    return HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, values.length), values);
  }

  private static void assertClose(double[] actual, double... expected) {
    assertArrayEquals(expected, actual, ROUNDING);
  }
}
