package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.autodiff.Differentiator;
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
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class MaskBeforePoolGradTest {
  private final GraphBuilder builder = new GraphBuilder("mask");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));

  @Test
  void gradientIsMaskedBeforePoolingSpreadsIt() {
    differentiate(pooled(builder.emit(new Relu(), x)));
    assertEquals(List.of("Relu", "MaxPool", "ReluGrad", "MaxPoolGrad"), rewritten());
  }

  @Test
  void gradientThatComesFromTwoSidesIsMaskedAfterwards() {
    Value rectified = builder.emit(new Relu(), x);
    differentiate(builder.emit(new Add(), pooled(rectified), pooled(rectified)));
    assertEquals(
        List.of(
            "Relu", "MaxPool", "MaxPool", "Add", "MaxPoolGrad", "MaxPoolGrad", "Add", "ReluGrad"),
        rewritten());
  }

  private Value pooled(Value of) {
    return builder.emit(new MaxPool(Window2d.square(3, 2, 1), Rounding.FLOOR), List.of(of)).get(0);
  }

  private void differentiate(Value y) {
    Value dy = builder.input("dy", y.type());
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(y, dy), List.of(x));
    builder.output("dx", gradients.getFirst());
    builder.output("y", y);
  }

  private List<String> rewritten() {
    return new DropDeadNodes()
        .apply(new MaskBeforePoolGrad().apply(builder.build())).nodes().stream()
            .map(node -> node.op().getClass().getSimpleName())
            .toList();
  }
}
