package io.ventral.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.Add;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Relu;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of the end of a residual block; that no number changes is held by random training.
 */
class FuseBatchNormAddReluTest {
  private static final List<DeviceTraits> USUAL = List.of(DeviceTraits.usual());

  private final GraphBuilder builder = new GraphBuilder("residual");
  private final RuleTrial trial = new RuleTrial(builder);
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 3, 4, 4));
  private final Value vector = builder.input("vector", TensorType.of(DType.FLOAT64, 3));

  @Test
  void aResidualBlockEndsInOneForwardAndOneBackward() {
    trial.differentiate(residual(x), x);
    assertEquals(
        List.of("BatchNormAddReluTrain", "BatchNormAddReluGrad", "Add"), trial.afterAll(USUAL));
  }

  @Test
  void whatIsAddedMayComeLaterThanWhatIsNormalised() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value later = builder.emit(new Tanh(), x);
    Value sum = builder.emit(new Add(), later, norm);
    trial.differentiate(builder.emit(new Relu(), sum), x);
    assertEquals(
        List.of("Tanh", "BatchNormAddReluTrain", "BatchNormAddReluGrad", "TanhGrad", "Add"),
        trial.afterAll(USUAL));
  }

  @Test
  void ofTwoNormalisationsOneAddsTheOther() {
    trial.differentiate(residual(builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector)), x);
    assertEquals(
        List.of(
            "BatchNormTrain",
            "BatchNormAddReluTrain",
            "BatchNormAddReluGrad",
            "BatchNormGrad",
            "Add"),
        trial.afterAll(USUAL));
  }

  @Test
  void whereAddingBehindNormalisationsIsNoGainTheSumStays() {
    trial.differentiate(residual(x), x);
    assertEquals(
        List.of("BatchNormTrain", "AddRelu", "ReluGrad", "BatchNormGrad", "Add"),
        trial.afterAll(List.of(new DeviceTraits(false, false, 1))));
  }

  @Test
  void aSumThatIsNeededUnrectifiedStays() {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    Value sum = builder.emit(new Add(), norm, x);
    builder.output("sum", sum);
    builder.output("y", builder.emit(new Relu(), sum));
    assertEquals(List.of("BatchNormTrain", "Add", "Relu"), trial.afterAll(USUAL));
  }

  @Test
  void statisticsThatAreNeededBeforeTheSumKeepTheNormalisation() {
    List<Value> norm = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("early", builder.emit(new Tanh(), norm.get(1)));
    Value later = builder.emit(new Tanh(), x);
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), norm.getFirst(), later)));
    assertEquals(List.of("BatchNormTrain", "Tanh", "Tanh", "AddRelu"), trial.afterAll(USUAL));
  }

  /** As in networks, whose running statistics are made ready at once. */
  @Test
  void statisticsMayBeNeededAtOnceIfWhatIsAddedIsThere() {
    List<Value> norm = builder.emit(new BatchNormTrain(1e-5, 1), List.of(x, vector, vector));
    builder.output("early", builder.emit(new Tanh(), norm.get(1)));
    builder.output("y", builder.emit(new Relu(), builder.emit(new Add(), norm.getFirst(), x)));
    assertEquals(List.of("BatchNormAddReluTrain", "Tanh"), trial.afterAll(USUAL));
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
        List.of("BatchNormTrain", "Tanh", "BatchNormAddReluTrain", "Tanh"), trial.afterAll(USUAL));
  }

  private Value residual(Value addend) {
    Value norm = builder.emit(new BatchNormTrain(1e-5, 1), x, vector, vector);
    return builder.emit(new Relu(), builder.emit(new Add(), norm, addend));
  }
}
