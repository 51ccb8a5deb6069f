package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What outputs and states need stays, all else goes. */
class DropDeadNodesTest {
  private final GraphBuilder builder = new GraphBuilder("test").at("n");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 7, 5));

  @Test
  void nodesThatLeadNowhereVanishInChains() {
    Value used = builder.emit(new Relu(), x);
    builder.emit(new Scale(3), builder.emit(new Scale(2), used));
    builder.output("y", used);
    assertEquals(List.of("Relu"), RuleTrial.kinds(new DropDeadNodes().apply(builder.build())));
  }

  @Test
  void nodesThatStatesNeedStay() {
    Value s = builder.state("s", new StateRole.Statistic(), x.type());
    builder.update(s, builder.emit(new Scale(2), builder.emit(new Relu(), x)));
    assertEquals(
        List.of("Relu", "Scale"), RuleTrial.kinds(new DropDeadNodes().apply(builder.build())));
  }
}
