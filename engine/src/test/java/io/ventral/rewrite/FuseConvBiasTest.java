package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class FuseConvBiasTest {
  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));
  private final Value vector = builder.input("vector", TensorType.of(DType.FLOAT64, 3));

  @Test
  void biasAndReluGoIntoTheConvolution() {
    builder.output("y", builder.emit(new Relu(), biased()));
    assertEquals(List.of("Conv2dBias"), rewritten());
  }

  @Test
  void biasAloneGoesIntoTheConvolution() {
    builder.output("y", biased());
    assertEquals(List.of("Conv2dBias"), rewritten());
  }

  @Test
  void reluStaysWhereTheSumIsNeededToo() {
    Value sum = biased();
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(List.of("Conv2dBias", "Relu"), rewritten());
  }

  private Value biased() {
    Value filter =
        builder.input("filter" + builder.nodes().size(), TensorType.of(DType.FLOAT64, 3, 3, 3, 3));
    Value conv = builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), x, filter);
    return builder.emit(new BiasAdd(), conv, vector);
  }

  private List<String> rewritten() {
    return new DropDeadNodes()
        .apply(new FuseConvBias().apply(builder.build())).nodes().stream()
            .map(node -> node.op().getClass().getSimpleName())
            .toList();
  }
}
