package io.ventral.check;

/**
 * How fast a device does one thing.
 *
 * @param what in a few words
 * @param seconds for one time
 * @param bytes moved, 0 where that says nothing
 * @param operations additions and multiplications, 0 where that says nothing
 */
public record SpeedRow(String what, double seconds, long bytes, long operations) {
  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;

  public double gigabytesPerSecond() {
    return bytes / seconds / GIGA;
  }

  public double teraflops() {
    return operations / seconds / TERA;
  }
}
