package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How near found values come to golden ones: the worst error in units of what is allowed, below 0
 * until something is compared.
 */
final class Agreement {
  private final String what;
  private double worst = -1;
  private String where = "nothing";

  Agreement(String what) {
    this.what = what;
  }

  /** Compares two numbers whose difference may be {@code allowed}. */
  void add(String place, double golden, double found, double allowed) {
    double error = Math.abs(found - golden) / allowed;
    double known = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    if (known > worst) {
      worst = known;
      where = "%s: golden %s, found %s".formatted(place, golden, found);
    }
  }

  void check() {
    assertTrue(worst >= 0 && worst <= 1, this::toString);
  }

  @Override
  public String toString() {
    return "%s: worst error %.2g of the allowed, %s".formatted(what, worst, where);
  }
}
