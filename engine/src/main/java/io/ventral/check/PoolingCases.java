package io.ventral.check;

import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.AvgPool;
import io.ventral.op.AvgPoolGrad;
import io.ventral.op.MaxPool;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.ArrayList;
import java.util.List;

/** Pooling by maximum, mean and adaptive mean. */
final class PoolingCases {
  /**
   * Far apart against any step of finite differences, and exact in every format for 256 elements.
   */
  private static final Fill DISTINCT = new Fill.Distinct(0.125);

  private PoolingCases() {}

  /** A window over inputs of these extents. */
  private record Geometry(String name, Window2d window, Rounding rounding, int... x) {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    geometries().forEach(g -> cases.addAll(of(g)));
    cases.add(
        OpCase.of(
            "MaxPool dilation",
            new MaxPool(new Window2d(axis(3, 1, 2, 1, 2), axis(2, 2, 0, 0, 3)), Rounding.FLOOR),
            Operand.smooth(DISTINCT, 2, 2, 8, 7)));
    cases.add(
        OpCase.of(
            "MaxPool leaving a row and two columns",
            new MaxPool(new Window2d(axis(2, 2, 0, 0, 1), axis(3, 3, 0, 0, 1)), Rounding.FLOOR),
            Operand.smooth(DISTINCT, 3, 5, 7, 8)));
    cases.add(
        OpCase.of(
            "MaxPool of equal values",
            new MaxPool(Window2d.square(2, 2, 0), Rounding.FLOOR),
            Operand.fixed(new Fill.Same(-3), 1, 2, 4, 4)));
    cases.addAll(adaptive(14, 14, 4, 4));
    cases.addAll(adaptive(1, 1, 6, 6));
    cases.addAll(adaptive(7, 7, 7, 7));
    cases.addAll(adaptive(13, 10, 6, 6));
    cases.addAll(adaptive(5, 9, 1, 1));
    cases.addAll(adaptive(3, 8, 5, 2));
    return cases;
  }

  private static List<OpCase> of(Geometry g) {
    List<OpCase> cases = new ArrayList<>();
    cases.add(
        OpCase.of(
            "MaxPool " + g.name, new MaxPool(g.window, g.rounding), Operand.smooth(DISTINCT, g.x)));
    for (boolean countIncludePad : new boolean[] {true, false}) {
      AvgPool pool = new AvgPool(g.window, g.rounding, countIncludePad);
      String name = g.name + (countIncludePad ? "" : " without padding");
      cases.add(OpCase.of("AvgPool " + name, pool, Operand.smooth(g.x)));
      cases.add(
          OpCase.of(
              "AvgPoolGrad " + name,
              new AvgPoolGrad(pool, g.x[2], g.x[3]),
              Operand.fixed(
                  g.x[0],
                  g.x[1],
                  g.window.vertical().outputExtent(g.x[2], g.rounding),
                  g.window.horizontal().outputExtent(g.x[3], g.rounding))));
    }
    return cases;
  }

  private static List<Geometry> geometries() {
    return List.of(
        new Geometry("2x2 stride 2", Window2d.square(2, 2, 0), Rounding.FLOOR, 2, 3, 6, 8),
        new Geometry("3x3 stride 2", Window2d.square(3, 2, 0), Rounding.FLOOR, 2, 4, 7, 7),
        new Geometry("3x3 stride 2 pad 1", Window2d.square(3, 2, 1), Rounding.FLOOR, 1, 3, 8, 7),
        new Geometry("3x3 stride 1 pad 1", Window2d.square(3, 1, 1), Rounding.FLOOR, 1, 2, 5, 4),
        new Geometry("3x3 stride 2 ceil", Window2d.square(3, 2, 0), Rounding.CEIL, 2, 2, 6, 8),
        new Geometry(
            "3x3 stride 2 pad 1 ceil", Window2d.square(3, 2, 1), Rounding.CEIL, 1, 3, 6, 7),
        new Geometry("2x2 stride 3 ceil", Window2d.square(2, 3, 1), Rounding.CEIL, 1, 2, 6, 5),
        new Geometry("gaps between windows", Window2d.square(2, 3, 0), Rounding.FLOOR, 1, 3, 8, 9),
        new Geometry("whole input", Window2d.square(5, 1, 0), Rounding.FLOOR, 3, 4, 5, 5),
        new Geometry("one pixel", Window2d.square(1, 1, 0), Rounding.FLOOR, 1, 1, 1, 1),
        new Geometry(
            "uneven",
            new Window2d(axis(2, 1, 1, 0, 1), axis(4, 3, 1, 2, 1)),
            Rounding.FLOOR,
            2,
            3,
            5,
            10));
  }

  private static List<OpCase> adaptive(int height, int width, int outHeight, int outWidth) {
    String name = "%dx%d to %dx%d".formatted(height, width, outHeight, outWidth);
    return List.of(
        OpCase.of(
            "AdaptiveAvgPool " + name,
            new AdaptiveAvgPool(outHeight, outWidth),
            Operand.smooth(2, 3, height, width)),
        OpCase.of(
            "AdaptiveAvgPoolGrad " + name,
            new AdaptiveAvgPoolGrad(height, width),
            Operand.fixed(2, 3, outHeight, outWidth)));
  }

  private static WindowAxis axis(int kernel, int stride, int before, int after, int dilation) {
    return new WindowAxis(kernel, stride, before, after, dilation);
  }
}
