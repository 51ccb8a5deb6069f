package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.Arrays;
import java.util.Locale;

/** The parts that a data set may have. */
public enum Split {
  TRAIN,
  VAL,
  TEST;

  /**
   * Returns the part called {@code name}.
   *
   * @throws EngineException USER if there is none of that name
   */
  public static Split of(String name) {
    return Arrays.stream(values())
        .filter(split -> split.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> EngineException.user("split '" + name + "': fits train, val, test"));
  }

  /** Returns the name of the folder and of the flag's value, such as {@code val}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
