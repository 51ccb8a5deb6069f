package io.ventral.tensor;

/** How a window count that is not whole is rounded. */
public enum Rounding {
  FLOOR,
  CEIL
}
