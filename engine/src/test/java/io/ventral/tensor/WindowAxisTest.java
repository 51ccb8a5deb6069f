package io.ventral.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.testing.Expect;
import org.junit.jupiter.api.Test;

class WindowAxisTest {
  /** One axis, its input, and what the formulas are held against: windows laid one by one. */
  private interface Check {
    void of(WindowAxis axis, int in);
  }

  @Test
  void roundedDownEveryWindowFitsAndNoFurtherOneWould() {
    forEveryAxis(
        (axis, in) -> {
          int windows = 0;
          while (axis.position(windows, 0) + axis.span() <= in + axis.padAfter()) {
            windows++;
          }
          assertEquals(windows, axis.outputExtent(in, Rounding.FLOOR), axis + " over " + in);
        });
  }

  /** PyTorch and Caffe: on until the end is reached, but no window starts behind the input. */
  @Test
  void roundedUpWindowsReachTheEndAndStartInsideInputOrPaddingBefore() {
    forEveryAxis(
        (axis, in) -> {
          int windows = 1;
          while (axis.position(windows - 1, 0) + axis.span() < in + axis.padAfter()
              && axis.position(windows, 0) < in) {
            windows++;
          }
          assertEquals(windows, axis.outputExtent(in, Rounding.CEIL), axis + " over " + in);
        });
  }

  @Test
  void tapsAreDilationApart() {
    WindowAxis axis = new WindowAxis(3, 2, 1, 0, 4);
    assertEquals(9, axis.span());
    assertEquals(-1, axis.position(0, 0));
    assertEquals(3 * 2 - 1 + 2 * 4, axis.position(3, 2));
  }

  @Test
  void firstAndEndTapBoundTheTapsInsideTheInput() {
    forEveryAxis(
        (axis, in) -> {
          for (int out = 0; out < axis.outputExtent(in, Rounding.CEIL); out++) {
            for (int tap = 0; tap < axis.kernel(); tap++) {
              int position = axis.position(out, tap);
              assertEquals(
                  position >= 0 && position < in,
                  tap >= axis.firstTap(out) && tap < axis.endTap(out, in),
                  axis + " over " + in + " window " + out + " tap " + tap);
            }
          }
        });
  }

  @Test
  void whatNeverFitsIsRefusedWithItsNumbers() {
    Expect.error(
        ErrorKind.USER,
        () -> new WindowAxis(5, 1, 1, 0, 2).outputExtent(7, Rounding.CEIL),
        "window of 9",
        "into 7",
        "1,0");
    Expect.error(ErrorKind.USER, () -> new WindowAxis(0, 1, 0, 0, 1), "kernel 0");
    Expect.error(ErrorKind.USER, () -> new WindowAxis(1, 0, 0, 0, 1), "stride 0");
    Expect.error(ErrorKind.USER, () -> new WindowAxis(1, 1, -1, 0, 1), "pad -1,0");
    Expect.error(ErrorKind.USER, () -> new WindowAxis(1, 1, 0, 0, 0), "dilation 0");
  }

  @Test
  void windowsAreWrittenAsInPapers() {
    assertEquals("3x3 stride 2 pad 1", Window2d.square(3, 2, 1).toString());
    WindowAxis vertical = new WindowAxis(1, 1, 0, 0, 1);
    WindowAxis horizontal = new WindowAxis(7, 2, 3, 2, 2);
    assertEquals(
        "1x7 stride 1x2 pad top 0 bottom 0 left 3 right 2 dilation 1x2",
        new Window2d(vertical, horizontal).toString());
    assertEquals(7, new Window2d(vertical, horizontal).taps());
  }

  private static void forEveryAxis(Check check) {
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int dilation = 1; dilation <= 3; dilation++) {
        int span = dilation * (kernel - 1) + 1;
        for (int stride = 1; stride <= 5; stride++) {
          for (int before = 0; before < span; before++) {
            for (int after = 0; after < span; after++) {
              WindowAxis axis = new WindowAxis(kernel, stride, before, after, dilation);
              for (int in = Math.max(1, span - before - after); in <= 12; in++) {
                check.of(axis, in);
              }
            }
          }
        }
      }
    }
  }
}
