package io.ventral.check;

import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.ArrayList;
import java.util.List;

/** Convolutions: each geometry forward and in both gradients. */
final class ConvolutionCases {
  private ConvolutionCases() {}

  /** The extents of one convolution; o filters over c channels in so many groups. */
  private record Geometry(
      String name, Window2d window, int groups, int n, int c, int h, int w, int o) {
    int outHeight() {
      return window.vertical().outputExtent(h, Rounding.FLOOR);
    }

    int outWidth() {
      return window.horizontal().outputExtent(w, Rounding.FLOOR);
    }

    Operand x() {
      return Operand.smooth(n, c, h, w);
    }

    Operand filter() {
      return Operand.smooth(
          o, c / groups, window.vertical().kernel(), window.horizontal().kernel());
    }

    Operand y() {
      return Operand.smooth(n, o, outHeight(), outWidth());
    }
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Geometry g : geometries()) {
      cases.add(OpCase.of("Conv2d " + g.name, new Conv2d(g.window, g.groups), g.x(), g.filter()));
      for (boolean relu : List.of(false, true)) {
        Operand bias = Operand.fixed(g.o);
        String name = g.name + (relu ? " relu" : "");
        cases.addAll(biased(name, g, relu, bias));
        cases.addAll(biased(name + " rounded bias", g, relu, bias.inFormatOfValues()));
      }
      cases.add(
          OpCase.of(
              "Conv2dGradInput " + g.name,
              new Conv2dGradInput(g.window, g.groups, g.h, g.w),
              g.filter(),
              g.y()));
      cases.add(
          OpCase.of(
              "Conv2dGradFilter " + g.name,
              new Conv2dGradFilter(g.window, g.groups),
              g.x().fixed(),
              g.y().fixed()));
      cases.add(
          OpCase.of(
              "Conv2dGradFilter " + g.name + " rounded",
              new Conv2dGradFilter(g.window, g.groups, false),
              g.x().fixed(),
              g.y().fixed()));
    }
    return cases;
  }

  private static List<OpCase> biased(String name, Geometry g, boolean relu, Operand bias) {
    Conv2d conv = new Conv2d(g.window, g.groups);
    Operand x = g.x().fixed();
    Operand filter = g.filter().fixed();
    return List.of(
        OpCase.of("Conv2dBias " + name, new Conv2dBias(conv, relu), x, filter, bias),
        OpCase.of(
            "Conv2dBiasAdd " + name,
            new Conv2dBiasAdd(conv, relu),
            x,
            filter,
            bias,
            g.y().fixed()));
  }

  private static List<Geometry> geometries() {
    return List.of(
        new Geometry("1x1", Window2d.square(1, 1, 0), 1, 2, 5, 4, 3, 7),
        new Geometry("1x1 stride 2", Window2d.square(1, 2, 0), 1, 2, 4, 7, 6, 3),
        new Geometry("1x1 many pixels", Window2d.square(1, 1, 0), 1, 2, 5, 8, 8, 8),
        new Geometry("1x1 many pixels, fewer out", Window2d.square(1, 1, 0), 1, 2, 8, 8, 8, 3),
        new Geometry("one pixel", Window2d.square(1, 1, 0), 1, 1, 1, 1, 1, 1),
        new Geometry("3x3 same", Window2d.square(3, 1, 1), 1, 2, 3, 5, 6, 4),
        new Geometry("3x3 valid", Window2d.square(3, 1, 0), 1, 1, 5, 10, 6, 2),
        new Geometry(
            "3x3 uneven padding",
            new Window2d(axis(3, 1, 0, 2, 1), axis(3, 1, 3, 1, 1)),
            1,
            3,
            1,
            5,
            4,
            17),
        new Geometry("3x3 on one pixel", Window2d.square(3, 1, 1), 1, 1, 3, 1, 1, 2),
        new Geometry("3x3 on a row", Window2d.square(3, 1, 1), 1, 1, 2, 1, 13, 3),
        new Geometry("5x5 one channel", Window2d.square(5, 1, 2), 1, 3, 1, 8, 8, 6),
        new Geometry("5x5 stride 2", Window2d.square(5, 2, 2), 1, 1, 4, 9, 11, 5),
        new Geometry("7x7 stride 4", Window2d.square(7, 4, 0), 1, 1, 3, 17, 15, 4),
        new Geometry("rows and columns left over", Window2d.square(3, 3, 0), 1, 2, 2, 8, 7, 3),
        new Geometry("window covers input", Window2d.square(4, 1, 0), 1, 3, 6, 4, 4, 10),
        new Geometry("window covers one input", Window2d.square(4, 1, 0), 1, 1, 6, 4, 4, 10),
        new Geometry("window larger than input", Window2d.square(5, 1, 2), 1, 1, 2, 2, 3, 2),
        new Geometry("padding beyond window", Window2d.square(2, 1, 3), 1, 1, 2, 3, 3, 2),
        new Geometry(
            "1x7", new Window2d(axis(1, 1, 0, 0, 1), axis(7, 1, 3, 3, 1)), 1, 2, 3, 4, 9, 5),
        new Geometry(
            "uneven stride",
            new Window2d(axis(3, 2, 1, 1, 1), axis(3, 1, 1, 1, 1)),
            1,
            1,
            2,
            7,
            5,
            3),
        new Geometry(
            "uneven padding",
            new Window2d(axis(3, 2, 0, 1, 1), axis(4, 1, 1, 2, 1)),
            1,
            2,
            3,
            8,
            6,
            4),
        new Geometry(
            "dilation", new Window2d(axis(3, 1, 2, 2, 2), axis(3, 1, 3, 3, 3)), 1, 1, 3, 8, 9, 4),
        new Geometry(
            "dilation and stride",
            new Window2d(axis(3, 2, 2, 1, 2), axis(2, 3, 0, 2, 4)),
            2,
            2,
            4,
            9,
            11,
            6),
        new Geometry("2 groups", Window2d.square(5, 1, 2), 2, 2, 6, 6, 5, 8),
        new Geometry("3 groups stride 2", Window2d.square(3, 2, 1), 3, 1, 9, 7, 7, 6),
        new Geometry("depthwise", Window2d.square(3, 1, 1), 5, 2, 5, 6, 5, 5),
        new Geometry("depthwise multiplier 2", Window2d.square(3, 2, 1), 3, 1, 3, 7, 6, 6));
  }

  private static WindowAxis axis(int kernel, int stride, int before, int after, int dilation) {
    return new WindowAxis(kernel, stride, before, after, dilation);
  }
}
