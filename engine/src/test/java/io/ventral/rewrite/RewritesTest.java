package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.StateRole;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All rules in their order. */
class RewritesTest {
  private final GraphBuilder builder = new GraphBuilder("test").at("n");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 7, 5));

  @Test
  void poolingToTheSizeItHasVanishesWithItsGradient() {
    Value y = builder.emit(new AdaptiveAvgPool(7, 5), builder.emit(new Tanh(), x));
    Value z = builder.emit(new Relu(), y);
    Value dz = builder.input("dz", z.type());
    builder.output(
        "dx", Differentiator.differentiate(builder, Map.of(z, dz), List.of(x)).getFirst());
    assertEquals(
        List.of("Tanh", "Relu", "ReluGrad", "TanhGrad"), labels(Rewrites.apply(builder.build())));
  }

  @Test
  void aStateMayEndAsWhatAnIdentityGaveBack() {
    Value s = builder.state("s", new StateRole.Statistic(), x.type());
    builder.update(s, builder.emit(new Scale(1), x));
    Graph rewritten = Rewrites.apply(builder.build());
    assertEquals(rewritten.inputs().getFirst().value(), rewritten.states().getFirst().last());
  }

  private static List<String> labels(Graph graph) {
    return graph.nodes().stream().map(Node::op).map(Op::label).toList();
  }
}
