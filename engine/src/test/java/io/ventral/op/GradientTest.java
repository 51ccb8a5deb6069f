package io.ventral.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.reference.Eager;
import io.ventral.check.OpCase;
import io.ventral.check.OpCases;
import io.ventral.check.Operand;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gradient rule against central differences of Σ y·dy for a random dy. */
class GradientTest {
  private static final double STEP = 1e-5;
  private static final int CHECKED_ELEMENTS = 40;
  private static final Philox RANDOM = new Philox(1);

  static Stream<OpCase> cases() {
    return OpCases.all().stream()
        .filter(opCase -> opCase.inputs().stream().anyMatch(Operand::differentiable));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientIsTheSlope(OpCase opCase) {
    List<double[]> x = new ArrayList<>();
    for (int i = 0; i < opCase.inputs().size(); i++) {
      try (HostTensor tensor = opCase.tensor(i)) {
        x.add(tensor.toRowMajor());
      }
    }
    List<Optional<double[]>> gradients = gradients(opCase, x);
    for (int input = 0; input < x.size(); input++) {
      if (opCase.inputs().get(input).differentiable()) {
        double[] gradient = gradients.get(input).orElseThrow();
        int stride = Math.ceilDiv(gradient.length, CHECKED_ELEMENTS);
        for (int i = 0; i < gradient.length; i += stride) {
          double slope = slope(opCase, x, input, i);
          assertEquals(slope, gradient[i], 1e-7 * Math.max(1, Math.abs(slope)), input + "@" + i);
        }
      }
    }
  }

  private static double slope(OpCase opCase, List<double[]> x, int input, int element) {
    double[] values = x.get(input);
    double before = values[element];
    values[element] = before + STEP;
    double above = product(opCase, x);
    values[element] = before - STEP;
    double below = product(opCase, x);
    values[element] = before;
    return (above - below) / (2 * STEP);
  }

  /** Σ y·dy over the first output. */
  private static double product(OpCase opCase, List<double[]> x) {
    try (Eager eager = new Eager(1)) {
      double[] y = eager.get(eager.emit(opCase.op(), inputs(eager, opCase, x)).getFirst());
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        sum += y[i] * cotangent(i);
      }
      return sum;
    }
  }

  private static List<Optional<double[]>> gradients(OpCase opCase, List<double[]> x) {
    try (Eager eager = new Eager(1)) {
      List<Value> inputs = inputs(eager, opCase, x);
      List<Value> outputs = eager.emit(opCase.op(), inputs);
      List<Optional<Value>> dy =
          new ArrayList<>(Collections.nCopies(outputs.size(), Optional.empty()));
      dy.set(0, Optional.of(eager.input(cotangents(outputs.getFirst().type()))));
      List<Boolean> wanted = opCase.inputs().stream().map(Operand::differentiable).toList();
      List<Optional<Value>> gradients =
          opCase.op().gradient(new Backward(eager, inputs, outputs, dy, wanted));
      for (int i = 0; i < inputs.size(); i++) {
        if (wanted.get(i)) {
          assertEquals(inputs.get(i).type(), gradients.get(i).orElseThrow().type());
        }
      }
      OpCases.coveredByGradientOf()
          .forEach(
              (gradient, forward) ->
                  assertTrue(
                      forward != opCase.op().getClass()
                          || eager.emitted().stream().anyMatch(gradient::isInstance)));
      return gradients.stream().map(gradient -> gradient.map(eager::get)).toList();
    }
  }

  private static List<Value> inputs(Eager eager, OpCase opCase, List<double[]> x) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      inputs.add(eager.input(HostTensor.ofRowMajor(opCase.inputs().get(i).type(), x.get(i))));
    }
    return inputs;
  }

  private static HostTensor cotangents(TensorType type) {
    double[] values = new double[(int) type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = cotangent(i);
    }
    return HostTensor.ofRowMajor(type, values);
  }

  private static double cotangent(int i) {
    return RANDOM.uniform(0, 0, i) * 2 - 1;
  }
}
