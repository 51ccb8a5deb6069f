package io.ventral.rewrite;

/**
 * What of a device decides how programs for it are rewritten.
 *
 * @param addsBehindNorm whether it normalises, adds and rectifies in one pass, which where it
 *     cannot would cost a pass of its own, and a rounding more
 */
public record DeviceTraits(boolean addsBehindNorm) {
  /** Returns those of a device that fuses whatever keeps every number. */
  public static DeviceTraits usual() {
    return new DeviceTraits(true);
  }
}
