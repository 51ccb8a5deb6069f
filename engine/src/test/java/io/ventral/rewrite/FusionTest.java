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
import io.ventral.op.Tanh;
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
  void aResidualBlockEndsInOneForwardAndOneBackward() {
    differentiate(residual(x));
    assertEquals(
        List.of("BatchNormAddReluTrain", "BatchNormAddReluGrad", "Add"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void whatIsAddedMayComeLaterThanWhatIsNormalised() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value later = builder.emit(new Tanh(), x);
    Value sum = builder.emit(new Add(), later, norm);
    differentiate(builder.emit(new Relu(), sum));
    assertEquals(
        List.of("Tanh", "BatchNormAddReluTrain", "BatchNormAddReluGrad", "TanhGrad", "Add"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void ofTwoNormalisationsOneAddsTheOther() {
    differentiate(residual(builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector)));
    assertEquals(
        List.of(
            "BatchNormTrain",
            "BatchNormAddReluTrain",
            "BatchNormAddReluGrad",
            "BatchNormGrad",
            "Add"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void whereAddingBehindNormalisationsIsNoGainTheSumStays() {
    differentiate(residual(x));
    assertEquals(
        List.of("BatchNormTrain", "AddRelu", "ReluGrad", "BatchNormGrad", "Add"),
        operations(Rewrites.apply(builder.build(), List.of(new DeviceTraits(false, false, 1)))));
  }

  @Test
  void aSumThatIsNeededUnrectifiedStays() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value sum = builder.emit(new Add(), norm, x);
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(
        List.of("BatchNormTrain", "Add", "Relu"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void statisticsThatAreNeededBeforeTheSumKeepTheNormalisation() {
    List<Value> norm = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("early", builder.emit(new Tanh(), norm.get(1)));
    Value later = builder.emit(new Tanh(), x);
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), norm.getFirst(), later)));
    assertEquals(
        List.of("BatchNormTrain", "Tanh", "Tanh", "AddRelu"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  /** As in networks, whose running statistics are made ready at once. */
  @Test
  void statisticsMayBeNeededAtOnceIfWhatIsAddedIsThere() {
    List<Value> norm = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("early", builder.emit(new Tanh(), norm.get(1)));
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), norm.getFirst(), x)));
    assertEquals(
        List.of("BatchNormAddReluTrain", "Tanh"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  @Test
  void ofTwoSuchNormalisationsTheLaterAddsTheOther() {
    List<Value> first = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("first", builder.emit(new Tanh(), first.get(1)));
    List<Value> second = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("second", builder.emit(new Tanh(), second.get(1)));
    Value sum = builder.emit(new Add(), first.getFirst(), second.getFirst());
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(
        List.of("BatchNormTrain", "Tanh", "BatchNormAddReluTrain", "Tanh"),
        operations(Rewrites.apply(builder.build(), USUAL)));
  }

  private Value residual(Value addend) {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    return builder.emit(new Relu(), builder.emit(new Add(), norm, addend));
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
