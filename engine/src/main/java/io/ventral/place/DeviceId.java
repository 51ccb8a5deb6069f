package io.ventral.place;

import io.ventral.error.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device by kind and number, such as {@code cuda:1}. */
public record DeviceId(DeviceKind kind, int index) {
  private static final Pattern FORM = Pattern.compile("([a-z]+)(?::(\\d{1,4}))?");

  /**
   * Returns the device that {@code text} names: a kind, or a kind and a number ({@code cuda:1}).
   *
   * @throws EngineException USER if it names none
   */
  public static DeviceId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      for (DeviceKind kind : DeviceKind.values()) {
        if (kind.word().equals(matcher.group(1))) {
          return new DeviceId(
              kind, matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
        }
      }
    }
    throw EngineException.user(
        "device '%s': expected cpu, reference or cuda, with a number behind a colon if there are several"
            .formatted(text));
  }

  @Override
  public String toString() {
    return kind.word() + ":" + index;
  }
}
