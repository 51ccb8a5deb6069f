package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.FiniteCheck;
import io.ventral.op.TopKCount;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void labelsAmongTheBestCountWithTheirWeights() {
    assertEquals(0, count(1, 1, 0.2, 0.3, 0.5));
    assertEquals(0.5, count(2, 1, 0.2, 0.3, 0.5));
  }

  @Test
  void ofEqualScoresTheLowerIndexIsBetter() {
    assertEquals(0.5, count(1, 0, 1, 1, 1));
    assertEquals(0, count(2, 2, 1, 1, 1));
  }

  @Test
  void nanRanksBelowEveryNumber() {
    assertEquals(0, count(2, 0, Double.NaN, 1, Double.NEGATIVE_INFINITY));
    assertEquals(0.5, count(1, 2, Double.NaN, Double.NaN, 1));
    assertEquals(0.5, count(1, 0, Double.NaN, Double.NaN, Double.NaN));
  }

  @Test
  void labelsThatAreNoClassNeverCount() {
    assertEquals(0, count(3, -1, 1, 2, 3));
    assertEquals(0, count(3, 3, 1, 2, 3));
  }

  @Test
  void oneOddElementIsNotFinite() {
    HostTensor fine = HostTensor.zeros(TensorType.of(DType.FLOAT64, 2, 3));
    HostTensor odd = HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 2), 1, Double.NaN);
    assertEquals(0, Eager.run(new FiniteCheck(), fine, odd).getFirst()[0]);
    HostTensor again = HostTensor.zeros(TensorType.of(DType.FLOAT64, 2, 3));
    assertEquals(1, Eager.run(new FiniteCheck(), again).getFirst()[0]);
  }

  /** One sample of weight 1/2. */
  private static double count(int k, int label, double... scores) {
    return Eager.run(
            new TopKCount(k),
            HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1, scores.length), scores),
            HostTensor.ofRowMajor(TensorType.of(DType.INT64, 1), label),
            HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1), 0.5))
        .getFirst()[0];
  }
}
