package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.Add;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rule makes of a graph. That the numbers stay is held by random training. */
class FuseAddReluTest {
  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));

  @Test
  void sumIsRectifiedInOnePass() {
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), x, x)));
    assertEquals(List.of("AddRelu"), trial.after(new FuseAddRelu()));
  }

  @Test
  void aSumThatIsNeededUnrectifiedStays() {
    Value sum = builder.emit(new Add(), x, x);
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(List.of("Add", "Relu"), trial.after(new FuseAddRelu()));
  }
}
