package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class FuseBatchNormReluTest {
  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));
  private final Value vector = builder.input("vector", TensorType.of(DType.FLOAT64, 3));

  @Test
  void normalisationAndReluBecomeOneForwardAndBackward() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value y = builder.emit(new Relu(), norm);
    trial.differentiate(y, x);
    assertEquals(
        List.of("BatchNormReluTrain", "BatchNormReluGrad"), trial.after(new FuseBatchNormRelu()));
  }

  @Test
  void normalisationThatIsNeededUnrectifiedStays() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    builder.output("norm", norm);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(List.of("BatchNormTrain", "Relu"), trial.after(new FuseBatchNormRelu()));
  }

  @Test
  void statisticsGroupsStay() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 2), x, vector, vector);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(List.of("BatchNormTrain", "Relu"), trial.after(new FuseBatchNormRelu()));
  }
}
