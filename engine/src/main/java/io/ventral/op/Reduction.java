package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/** The shape rule that reductions share: the axes reduced over vanish. */
final class Reduction {
  private Reduction() {}

  static List<Integer> axes(List<Integer> axes) {
    if (axes.stream().distinct().count() != axes.size()) {
      throw EngineException.user("axes " + axes + " name one axis twice");
    }
    return axes.stream().sorted().toList();
  }

  static TensorType outputType(TensorType x, List<Integer> axes) {
    Signature.floating("input", x);
    axes.forEach(axis -> Signature.axis(axis, x));
    int[] kept =
        IntStream.range(0, x.rank()).filter(axis -> !axes.contains(axis)).map(x::extent).toArray();
    return x.with(Shape.of(kept));
  }

  static int count(TensorType x, List<Integer> axes) {
    return axes.stream().mapToInt(x::extent).reduce(1, Math::multiplyExact);
  }
}
