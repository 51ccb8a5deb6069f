package io.ventral.testdata;

/**
 * Random numbers by SplitMix64 (Steele, Lea, Flood 2014). Our own, because the data must come out
 * the same for as long as the project lives, whatever a later library does to its generators.
 */
final class SplitMix64 {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  /** A generator of its own for each key: neighbouring keys are mixed apart first. */
  SplitMix64(long key) {
    state = mix(key + GAMMA);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number in [0, 1): 53 random bits, so that every value is exact in a double. */
  private double unit() {
    state += GAMMA;
    return (mix(state) >>> 11) * 0x1p-53;
  }

  /** A number in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /** A whole number in [0, bound). */
  int below(int bound) {
    return (int) (unit() * bound);
  }

  /** A normal number with mean 0 and deviation 1, by Box and Muller's formula. */
  double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit())); // 1 - unit() is never 0
    return radius * StrictMath.cos(2 * StrictMath.PI * unit());
  }
}
