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

/**
 * What the rule makes of a graph, behind those that give it convolutions with a bias. That the
 * numbers stay is held by random training.
 */
class FuseConvAddTest {
  private static final List<DeviceTraits> USUAL = List.of(DeviceTraits.usual());

  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));

  @Test
  void theOtherBranchIsAddedInTheConvolution() {
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), x, trial.biased(x))));
    assertEquals(List.of("Conv2dBiasAdd"), trial.afterAll(USUAL));
  }

  @Test
  void ofTwoConvolutionsOneAddsTheOther() {
    builder.output("y", builder.emit(new Add(), trial.biased(x), trial.biased(x)));
    assertEquals(List.of("Conv2dBias", "Conv2dBiasAdd"), trial.afterAll(USUAL));
  }

  @Test
  void aConvolutionThatIsRectifiedFirstStays() {
    builder.output("y", builder.emit(new Add(), x, builder.emit(new Relu(), trial.biased(x))));
    assertEquals(List.of("Conv2dBias", "Add"), trial.afterAll(USUAL));
  }

  @Test
  void aConvolutionThatIsNeededBesidesStays() {
    Value conv = trial.biased(x);
    builder.output("conv", conv);
    builder.output("y", builder.emit(new Add(), x, conv));
    assertEquals(List.of("Conv2dBias", "Add"), trial.afterAll(USUAL));
  }
}
