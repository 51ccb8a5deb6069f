package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.Copy;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.Reshape;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gives back its operand, and what does not. */
class DropIdentitiesTest {
  private final GraphBuilder builder = new GraphBuilder("test").at("n");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 7, 5));

  @Test
  void poolingToAnotherSizeStays() {
    builder.output("y", builder.emit(new AdaptiveAvgPool(5, 7), x));
    assertEquals(List.of("AdaptiveAvgPool"), trial.after(new DropIdentities()));
  }

  @Test
  void whatGivesBackItsOperandVanishes() {
    for (Op identity :
        List.of(
            new Reshape(List.of(0, 3, 7, 5)),
            new Reshape(List.of(2, 3, -1, 5)),
            new Scale(1),
            new Copy(0))) {
      GraphBuilder one = new GraphBuilder("one").at("n");
      Value in = one.input("x", x.type());
      one.output("y", one.emit(identity, in));
      Graph rewritten = new DropIdentities().apply(one.build());
      assertEquals(List.of(), rewritten.nodes(), identity.label());
      assertEquals(rewritten.inputs().getFirst().value(), rewritten.outputs().getFirst().value());
    }
  }

  @Test
  void whatChangesItsOperandStays() {
    for (Op other :
        List.of(new Reshape(List.of(0, 21, 5)), new Scale(1 + 1e-15), new Copy(1), new Relu())) {
      GraphBuilder one = new GraphBuilder("one").at("n");
      one.output("y", one.emit(other, one.input("x", x.type())));
      assertEquals(1, new DropIdentities().apply(one.build()).nodes().size(), other.label());
    }
  }
}
