package io.ventral.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ventral.check.OpCase;
import io.ventral.check.OpCases;
import io.ventral.error.EngineException;
import io.ventral.op.AllReduce;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceKernelsTest {
  static List<OpCase> cases() {
    return OpCases.all();
  }

  /** Cases whose results are NaN on purpose say so in their names. */
  static Stream<OpCase> finiteCases() {
    return cases().stream().filter(opCase -> !opCase.name().contains("no class"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultsDoNotDependOnThreads(OpCase opCase) {
    List<double[]> one = run(opCase, 1);
    List<double[]> three = run(opCase, 3);
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), three.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("finiteCases")
  void everyElementOfEveryOutputIsWritten(OpCase opCase) {
    for (double[] output : run(opCase, 1)) {
      assertFalse(Arrays.stream(output).anyMatch(Double::isNaN));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anOutputOverAnInputHoldsTheSame(OpCase opCase) {
    List<double[]> apart = run(opCase, 1);
    try (Eager eager = new Eager(1)) {
      for (int input = 0; input < opCase.inputs().size(); input++) {
        for (int output = 0; output < apart.size(); output++) {
          List<Value> inputs = inputs(eager, opCase);
          if (eager.mayOverwrite(opCase.op(), inputs, input, output)) {
            List<Value> outputs = eager.emitInPlace(opCase.op(), inputs, input, output);
            assertArrayEquals(apart.get(output), eager.get(outputs.get(output)));
          }
        }
      }
    }
  }

  @Test
  void anAllReduceIsNeverBound() {
    try (Eager eager = new Eager(1)) {
      Value value = new Value(0, TensorType.of(DType.FLOAT32, 1), 0);
      assertThrows(
          EngineException.class, () -> eager.emit(new AllReduce(List.of(0)), List.of(value)));
    }
  }

  private static List<Value> inputs(Eager eager, OpCase opCase) {
    return IntStream.range(0, opCase.inputs().size())
        .mapToObj(i -> eager.input(opCase.tensor(i)))
        .toList();
  }

  private static List<double[]> run(OpCase opCase, int threads) {
    try (Eager eager = new Eager(threads)) {
      List<double[]> results = new ArrayList<>();
      for (Value output : eager.emit(opCase.op(), inputs(eager, opCase))) {
        if (!output.type().equals(TensorType.opaque())) {
          results.add(eager.get(output));
        }
      }
      return results;
    }
  }
}
