package io.ventral.tensor;

import java.util.Objects;

/** A window sliding over height and width. */
public record Window2d(WindowAxis vertical, WindowAxis horizontal) {
  public Window2d {
    Objects.requireNonNull(vertical, "vertical");
    Objects.requireNonNull(horizontal, "horizontal");
  }

  /** Returns a square window with equal padding on all four sides and no dilation. */
  public static Window2d square(int kernel, int stride, int pad) {
    WindowAxis axis = new WindowAxis(kernel, stride, pad, pad, 1);
    return new Window2d(axis, axis);
  }

  /** Returns the number of taps. */
  public int taps() {
    return vertical.kernel() * horizontal.kernel();
  }

  /** Returns whether it lies over a whole image of that size at once: a dense layer. */
  public boolean covers(int height, int width) {
    return covers(vertical, height) && covers(horizontal, width);
  }

  private static boolean covers(WindowAxis axis, int in) {
    return axis.kernel() == in
        && axis.padBefore() == 0
        && axis.padAfter() == 0
        && axis.dilation() == 1;
  }

  /** Returns for example {@code 3x3 stride 2 pad 1}; what is not square is written per axis. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(vertical.kernel()).append('x').append(horizontal.kernel());
    append(text, " stride ", vertical.stride(), horizontal.stride());
    if (vertical.padBefore() == vertical.padAfter()
        && horizontal.padBefore() == horizontal.padAfter()) {
      append(text, " pad ", vertical.padBefore(), horizontal.padBefore());
    } else {
      text.append(
          " pad top %d bottom %d left %d right %d"
              .formatted(
                  vertical.padBefore(),
                  vertical.padAfter(),
                  horizontal.padBefore(),
                  horizontal.padAfter()));
    }
    if (vertical.dilation() != 1 || horizontal.dilation() != 1) {
      append(text, " dilation ", vertical.dilation(), horizontal.dilation());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String label, int vertical, int horizontal) {
    text.append(label).append(vertical);
    if (vertical != horizontal) {
      text.append('x').append(horizontal);
    }
  }
}
