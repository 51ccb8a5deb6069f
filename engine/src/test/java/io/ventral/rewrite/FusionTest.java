package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.Add;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the fusions make of a graph; that they change no number is held by random training. */
class FusionTest {
  private static final List<DeviceTraits> USUAL = List.of(DeviceTraits.usual());

  private final GraphBuilder builder = new GraphBuilder("fusion");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));
  private final Value vector = builder.input("vector", TensorType.of(DType.FLOAT64, 3));

  @Test
  void normalisationAndReluBecomeOneForwardAndBackward() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value y = builder.emit(new Relu(), norm);
    differentiate(y);
    assertEquals(
        List.of("BatchNormReluTrain", "BatchNormReluGrad"),
        operations(new FuseBatchNormRelu().apply(builder.build())));
  }

  @Test
  void normalisationThatIsNeededUnrectifiedStays() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    builder.output("norm", norm);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(
        List.of("BatchNormTrain", "Relu"),
        operations(new FuseBatchNormRelu().apply(builder.build())));
  }

  @Test
  void statisticsGroupsStay() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 2), x, vector, vector);
    builder.output("y", builder.emit(new Relu(), norm));
    assertEquals(
        List.of("BatchNormTrain", "Relu"),
        operations(new FuseBatchNormRelu().apply(builder.build())));
  }

  @Test
  void sumIsRectifiedInOnePass() {
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), x, x)));
    assertEquals(
        List.of("AddRelu"),
        operations(new DropDeadNodes().apply(new FuseAddRelu().apply(builder.build()))));
  }

  @Test
  void biasAndReluGoIntoTheConvolution() {
    builder.output("y", builder.emit(new Relu(), biased()));
    assertEquals(List.of("Conv2dBias"), fusedConvolution());
  }

  @Test
  void biasAloneGoesIntoTheConvolution() {
    builder.output("y", biased());
    assertEquals(List.of("Conv2dBias"), fusedConvolution());
  }

  @Test
  void reluStaysWhereTheSumIsNeededToo() {
    Value sum = biased();
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(List.of("Conv2dBias", "Relu"), fusedConvolution());
  }

  @Test
  void theOtherBranchIsAddedInTheConvolution() {
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), x, biased())));
    assertEquals(List.of("Conv2dBiasAdd"), operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void ofTwoConvolutionsOneAddsTheOther() {
    builder.output("y", builder.emit(new Add(), biased(), biased()));
    assertEquals(
        List.of("Conv2dBias", "Conv2dBiasAdd"), operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void aConvolutionThatIsRectifiedFirstStays() {
    builder.output("y", builder.emit(new Add(), x, builder.emit(new Relu(), biased())));
    assertEquals(List.of("Conv2dBias", "Add"), operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void aConvolutionThatIsNeededBesidesStays() {
    Value conv = biased();
    builder.output("conv", conv);
    builder.output("y", builder.emit(new Add(), x, conv));
    assertEquals(List.of("Conv2dBias", "Add"), operations(Rewrites.apply(builder.build(), USUAL)));
  }

  private Value biased() {
    Value filter =
        builder.input("filter" + builder.nodes().size(), TensorType.of(DType.FLOAT64, 3, 3, 3, 3));
    Value conv = builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), x, filter);
    return builder.emit(new BiasAdd(), conv, vector);
  }

  private List<String> fusedConvolution() {
    return operations(new DropDeadNodes().apply(new FuseConvBias().apply(builder.build())));
  }

  private void differentiate(Value y) {
    Value dy = builder.input("dy", y.type());
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(y, dy), List.of(x));
    builder.output("dx", gradients.getFirst());
    builder.output("y", y);
  }

  private static List<String> operations(Graph graph) {
    return new DropDeadNodes()
        .apply(graph).nodes().stream().map(node -> node.op().getClass().getSimpleName()).toList();
  }
}
