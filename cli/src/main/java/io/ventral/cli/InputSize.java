package io.ventral.cli;

import io.ventral.error.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of one image, in channels and pixels, as in {@code 3x224x224}. */
record InputSize(int channels, int height, int width) {
  private static final Pattern FORM =
      Pattern.compile("([1-9]\\d{0,8})x([1-9]\\d{0,8})x([1-9]\\d{0,8})");

  /**
   * Returns the size that {@code text} names.
   *
   * @throws EngineException USER if it is none
   */
  static InputSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw EngineException.user(
          "--input '%s': channels, height and width were expected, such as 3x224x224"
              .formatted(text));
    }
    return new InputSize(number(matcher, 1), number(matcher, 2), number(matcher, 3));
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
