package io.ventral.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.Add;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Relu;
import io.ventral.op.Slice;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final TensorType X = TensorType.of(DType.BFLOAT16, 2, 8, 4, 4);
  private static final long BYTES = 2 * 8 * 4 * 4 * 2;

  private final GraphBuilder builder = new GraphBuilder("traffic");
  private final Value x = builder.input("x", X);

  @Test
  void operandsAreReadAndResultsWrittenOnce() {
    Value y = builder.emit(new Relu(), builder.emit(new Relu(), x));
    builder.output("y", builder.emit(new Add(), x, y));
    assertEquals(
        List.of(new Traffic("Relu", 2, 4 * BYTES), new Traffic("Add", 1, 3 * BYTES)), traffic());
  }

  @Test
  void statisticsNeedAllOfTheValuesBefore() {
    Value vector = builder.input("vector", TensorType.of(DType.FLOAT32, 8));
    builder.output("y", builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector));
    long vectors = 5 * 8 * Float.BYTES;
    assertEquals(List.of(new Traffic("BatchNormTrain", 1, 3 * BYTES + vectors)), traffic());
  }

  @Test
  void ofASliceThePartIsRead() {
    builder.output("y", builder.emit(new Slice(1, 0, 2), x));
    assertEquals(List.of(new Traffic("Slice", 1, BYTES / 2)), traffic());
  }

  private List<Traffic> traffic() {
    return Traffic.of(builder.build().nodes(), 0);
  }
}
