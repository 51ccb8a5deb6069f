package io.ventral.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.MatMul;
import io.ventral.op.Multiply;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Scale;
import io.ventral.op.Tanh;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import io.ventral.testing.ReferenceRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walk; what each operation contributes is held against central differences elsewhere. */
class DifferentiatorTest {
  private final GraphBuilder builder = new GraphBuilder("test").at("layer");
  private final Value x = builder.input("x", TensorType.of(DType.FLOAT64, 2, 2));
  private final Value w = builder.input("w", TensorType.of(DType.FLOAT64, 2, 2));

  /** d(x·x + 3·x·x)/dx = 8·x: two uses of the square, and two of x in it. */
  @Test
  void gradientsOfAllUsesAreAdded() {
    Value square = builder.emit(new Multiply(), x, x);
    Value y = builder.emit(new Add(), square, builder.emit(new Scale(3), square));
    builder.output("dx", gradients(y, x).getFirst());
    try (ReferenceRun run = ReferenceRun.of(builder.build())) {
      run.feed("x", 1, -2, 0.5, 4).feed("w", 0, 0, 0, 0).feed("dy", 1, 1, 1, 10).run();
      assertArrayEquals(new double[] {8, -16, 4, 320}, run.output("dx"));
    }
  }

  @Test
  void onlyWhatLeadsToAWantedGradientIsEmitted() {
    Value y = builder.emit(new Relu(), builder.emit(new MatMul(false, false), x, w));
    builder.emit(new Tanh(), y);
    int forward = builder.nodes().size();
    gradients(y, w);
    assertEquals(
        List.of(new ReluGrad(), new MatMul(true, false, true)),
        builder.nodes().stream().skip(forward).map(Node::op).map(Op.class::cast).toList());
    assertEquals("layer backward", builder.nodes().getLast().name());
  }

  @Test
  void theGradientOfTheSeededValueIsItsSeed() {
    Value dx = builder.input("dy", x.type());
    assertEquals(List.of(dx), Differentiator.differentiate(builder, Map.of(x, dx), List.of(x)));
  }

  @Test
  void severalSeedsAddUp() {
    Value y = builder.emit(new Scale(2), x);
    Value z = builder.emit(new Scale(5), x);
    Value dy = builder.input("dy", x.type());
    Value dz = builder.input("dz", x.type());
    builder.output(
        "dx", Differentiator.differentiate(builder, Map.of(y, dy, z, dz), List.of(x)).getFirst());
    try (ReferenceRun run = ReferenceRun.of(builder.build())) {
      for (String input : List.of("x", "w")) {
        run.feed(input, 0, 0, 0, 0);
      }
      run.feed("dy", 1, 2, 3, 4).feed("dz", 10, 0, 0, -1).run();
      assertArrayEquals(new double[] {52, 4, 6, 3}, run.output("dx"));
    }
  }

  @Test
  void whatDoesNotInfluenceTheLossHasNoGradient() {
    Value y = builder.emit(new Relu(), x);
    Expect.error(ErrorKind.USER, () -> gradients(y, w), w.toString(), "no influence");
  }

  @Test
  void secondDerivativesAreRefused() {
    Value y = builder.emit(new Relu(), x);
    Value slope = builder.emit(new ReluGrad(), y, x);
    Expect.error(ErrorKind.UNSUPPORTED, () -> gradients(slope, x), "ReluGrad", "second");
  }

  private List<Value> gradients(Value y, Value wanted) {
    Value dy = builder.input("dy", y.type());
    return Differentiator.differentiate(builder, Map.of(y, dy), List.of(wanted));
  }
}
