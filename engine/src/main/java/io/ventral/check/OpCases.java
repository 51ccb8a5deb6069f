package io.ventral.check;

import io.ventral.op.AllReduce;
import io.ventral.op.BatchNormReluGrad;
import io.ventral.op.BatchNormReluTrain;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.LocalResponseNormGrad;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.Op;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Cases for every operation, one file a family. For a new operation add several to the file of its
 * family: odd shapes, extents of 1, every attribute away from its usual value. Operands are
 * FLOAT64; {@link OpCase#as} gives the other formats.
 */
public final class OpCases {
  private OpCases() {}

  public static List<OpCase> all() {
    return Stream.of(
            ConvolutionCases.all(),
            MatrixCases.all(),
            PoolingCases.all(),
            NormalisationCases.all(),
            ElementwiseCases.all(),
            LossCases.all(),
            MovementCases.all(),
            ReductionCases.all(),
            MetricCases.all(),
            OptimizerCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Returns the gradient operations that no case can feed, each with the operation whose gradient
   * runs them: MaxPoolGrad and BatchNormReluGrad read what another kernel saved, and
   * LocalResponseNormGrad reads x together with its y, of which a library may compute the one again
   * from the other.
   */
  public static Map<Class<? extends Op>, Class<? extends Op>> coveredByGradientOf() {
    return Map.of(
        MaxPoolGrad.class,
        MaxPool.class,
        BatchNormReluGrad.class,
        BatchNormReluTrain.class,
        LocalResponseNormGrad.class,
        LocalResponseNorm.class);
  }

  /** Returns the operations that can be checked, by name, sorted. */
  public static SortedSet<String> operations() {
    SortedSet<String> names = new TreeSet<>();
    all().forEach(opCase -> names.add(opCase.operation()));
    coveredByGradientOf().keySet().forEach(op -> names.add(op.getSimpleName()));
    return names;
  }

  /** Returns the cases of the operation of that name, or those whose gradient applies it. */
  public static List<OpCase> of(String operation) {
    List<String> carriers =
        coveredByGradientOf().entrySet().stream()
            .filter(entry -> entry.getKey().getSimpleName().equals(operation))
            .map(entry -> entry.getValue().getSimpleName())
            .toList();
    return all().stream()
        .filter(
            opCase -> opCase.operation().equals(operation) || carriers.contains(opCase.operation()))
        .toList();
  }

  /** Returns the operations that are lowered to others before they reach a device. */
  public static Set<Class<? extends Op>> neverBound() {
    return Set.of(AllReduce.class);
  }
}
