package io.ventral.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.op.Op;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpCasesTest {
  @Test
  void everyOperationHasACaseOrAReasonForNone() {
    Set<Class<?>> covered =
        OpCases.all().stream().map(opCase -> opCase.op().getClass()).collect(Collectors.toSet());
    Set<Class<?>> excused = new HashSet<>(OpCases.coveredByGradientOf().keySet());
    excused.addAll(OpCases.neverBound());

    Set<String> missing = new TreeSet<>();
    leaves(Op.class)
        .filter(leaf -> !covered.contains(leaf) && !excused.contains(leaf))
        .forEach(leaf -> missing.add(leaf.getSimpleName()));
    assertEquals(Set.of(), missing);
    excused.retainAll(covered);
    assertEquals(Set.of(), excused, "an operation with a case needs no excuse");
  }

  @Test
  void operationsCoveredByAGradientHaveADifferentiableCase() {
    OpCases.coveredByGradientOf()
        .values()
        .forEach(
            forward ->
                assertTrue(
                    OpCases.all().stream()
                        .anyMatch(
                            opCase ->
                                opCase.op().getClass() == forward
                                    && opCase.inputs().getFirst().differentiable())));
  }

  @Test
  void namesAreUnique() {
    Set<String> seen = new HashSet<>();
    OpCases.all().forEach(opCase -> assertTrue(seen.add(opCase.name()), opCase.name()));
  }

  @Test
  void shapesFitInEveryFormat() {
    for (OpCase opCase : OpCases.all()) {
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16}) {
        opCase.as(dtype).outputTypes();
      }
    }
  }

  @Test
  void distinctValuesAreDistinct() {
    OpCase pool =
        OpCases.all().stream()
            .filter(opCase -> opCase.name().equals("MaxPool 3x3 stride 2"))
            .findFirst()
            .orElseThrow();
    try (HostTensor tensor = pool.as(DType.BFLOAT16).tensor(0)) {
      double[] values = tensor.toRowMajor();
      assertEquals(values.length, Arrays.stream(values).distinct().count());
    }
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OpCasesTest::leaves)
        : Stream.of(type);
  }
}
