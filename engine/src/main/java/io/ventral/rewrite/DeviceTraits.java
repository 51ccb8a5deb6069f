package io.ventral.rewrite;

/**
 * What of a device decides how programs for it are rewritten.
 *
 * @param addsBehindNorm whether it normalises, adds and rectifies in one pass, which where it
 *     cannot would cost a pass of its own, and a rounding more
 * @param roundsAroundConvolutions whether its convolutions of 16 bits take a bias, and give the
 *     gradient of a filter, in 16 bits alone
 * @param inputChannels of which its convolutions of 16 bits want a multiple
 */
public record DeviceTraits(
    boolean addsBehindNorm, boolean roundsAroundConvolutions, int inputChannels) {
  /**
   * Returns those of a device that fuses whatever keeps every number, and rounds and pads nothing.
   */
  public static DeviceTraits usual() {
    return new DeviceTraits(true, false, 1);
  }
}
