package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.Add;
import io.ventral.op.MaxPool;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class MaskBeforePoolGradTest {
  private final GraphBuilder builder = new GraphBuilder("mask");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));

  @Test
  void gradientIsMaskedBeforePoolingSpreadsIt() {
    trial.differentiate(pooled(builder.emit(new Relu(), x)), x);
    assertEquals(
        List.of("Relu", "MaxPool", "ReluGrad", "MaxPoolGrad"),
        trial.after(new MaskBeforePoolGrad()));
  }

  @Test
  void gradientThatComesFromTwoSidesIsMaskedAfterwards() {
    Value rectified = builder.emit(new Relu(), x);
    trial.differentiate(builder.emit(new Add(), pooled(rectified), pooled(rectified)), x);
    assertEquals(
        List.of(
            "Relu", "MaxPool", "MaxPool", "Add", "MaxPoolGrad", "MaxPoolGrad", "Add", "ReluGrad"),
        trial.after(new MaskBeforePoolGrad()));
  }

  private Value pooled(Value of) {
    return builder.emit(new MaxPool(Window2d.square(3, 2, 1), Rounding.FLOOR), List.of(of)).get(0);
  }
}
