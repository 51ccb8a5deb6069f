package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All rules in their order. */
class RewritesTest {
  private static final List<DeviceTraits> USUAL = List.of(DeviceTraits.usual());

  private final GraphBuilder builder = new GraphBuilder("test").at("n");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 7, 5));

  @Test
  void poolingToTheSizeItHasVanishesWithItsGradient() {
    Value y = builder.emit(new AdaptiveAvgPool(7, 5), builder.emit(new Tanh(), x));
    trial.differentiate(builder.emit(new Relu(), y), x);
    assertEquals(List.of("Tanh", "Relu", "ReluGrad", "TanhGrad"), trial.afterAll(USUAL));
  }

  @Test
  void aStateMayEndAsWhatAnIdentityGaveBack() {
    Value s = builder.state("s", new StateRole.Statistic(), x.type());
    builder.update(s, builder.emit(new Scale(1), x));
    Graph rewritten = Rewrites.apply(builder.build(), USUAL);
    assertEquals(rewritten.inputs().getFirst().value(), rewritten.states().getFirst().last());
  }
}
