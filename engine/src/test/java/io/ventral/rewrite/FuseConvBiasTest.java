package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class FuseConvBiasTest {
  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));

  @Test
  void biasAndReluGoIntoTheConvolution() {
    builder.output("y", builder.emit(new Relu(), trial.biased(x)));
    assertEquals(List.of("Conv2dBias"), trial.after(new FuseConvBias()));
  }

  @Test
  void biasAloneGoesIntoTheConvolution() {
    builder.output("y", trial.biased(x));
    assertEquals(List.of("Conv2dBias"), trial.after(new FuseConvBias()));
  }

  @Test
  void reluStaysWhereTheSumIsNeededToo() {
    Value sum = trial.biased(x);
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(List.of("Conv2dBias", "Relu"), trial.after(new FuseConvBias()));
  }
}
