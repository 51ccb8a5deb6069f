package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.BatchShard;
import io.ventral.op.Dropout;
import io.ventral.op.Op;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final Dropout DROPOUT = new Dropout(0.5, 42, 7, 0);

  @Test
  void randomNumbersAreCountedInLogicalOrder() {
    double[] y = drop(DROPOUT, 2);
    for (int i = 0; i < y.length; i++) {
      assertEquals(new Philox(42).uniform(7, 3, i) >= 0.5 ? 2 : 0, y[i]);
    }
  }

  @Test
  void sharesOfABatchDropWhatTheWholeDrops() {
    double[] whole = drop(DROPOUT, 5);
    double[] tail = drop(DROPOUT.shard(BatchShard.of(5, 1, 2)), 3);
    assertArrayEquals(Arrays.copyOfRange(whole, whole.length - tail.length, whole.length), tail);
  }

  /** Ones of three channels and 2x2 positions at step 3. */
  private static double[] drop(Op op, int samples) {
    double[] ones = new double[samples * 12];
    Arrays.fill(ones, 1);
    HostTensor x = HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, samples, 3, 2, 2), ones);
    return Eager.run(op, x, HostTensor.scalar(DType.INT64, 3)).getFirst();
  }
}
