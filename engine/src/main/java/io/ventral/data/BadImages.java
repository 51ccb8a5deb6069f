package io.ventral.data;

import io.ventral.error.EngineException;

/** What to do with an image that cannot be read. */
public enum BadImages {
  /** Stop. */
  FAIL,
  /** Go on with weight 0 for it, until more than a tenth of all images are bad. */
  SKIP;

  /**
   * Returns the policy called {@code name}.
   *
   * @throws EngineException USER if there is none of that name
   */
  public static BadImages of(String name) {
    return switch (name) {
      case "fail" -> FAIL;
      case "skip" -> SKIP;
      default -> throw EngineException.user("bad images '" + name + "': fits fail, skip");
    };
  }
}
