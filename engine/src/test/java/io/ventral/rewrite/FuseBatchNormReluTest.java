package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class FuseBatchNormReluTest {
  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));
  private final Value vector = builder.input("vector", TensorType.of(DType.FLOAT64, 3));

  @Test
  void normalisationAndReluBecomeOneForwardAndBackward() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value y = builder.emit(new Relu(), norm);
    differentiate(y);
    assertEquals(List.of("BatchNormReluTrain", "BatchNormReluGrad"), rewritten());
  }

  @Test
  void normalisationThatIsNeededUnrectifiedStays() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    builder.output("norm", norm);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(List.of("BatchNormTrain", "Relu"), rewritten());
  }

  @Test
  void statisticsGroupsStay() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 2), x, vector, vector);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(List.of("BatchNormTrain", "Relu"), rewritten());
  }

  private void differentiate(Value y) {
    Value dy = builder.input("dy", y.type());
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(y, dy), List.of(x));
    builder.output("dx", gradients.getFirst());
    builder.output("y", y);
  }

  private List<String> rewritten() {
    return new DropDeadNodes()
        .apply(new FuseBatchNormRelu().apply(builder.build())).nodes().stream()
            .map(node -> node.op().getClass().getSimpleName())
            .toList();
  }
}
