package io.ventral.tensor;

/**
 * The number formats of a program.
 *
 * @param stored of inputs, parameters, statistics, losses and what the optimizer keeps
 * @param computed of activations and filters while they are computed with; the same, or of 16 bits
 */
public record Precision(DType stored, DType computed) {
  /** Returns one format for everything. */
  public static Precision uniform(DType dtype) {
    return new Precision(dtype, dtype);
  }

  /** Returns FLOAT32 with activations and filters in a format of 16 bits. */
  public static Precision mixed(DType computed) {
    return new Precision(DType.FLOAT32, computed);
  }

  /** Returns whether there are two formats. */
  public boolean isMixed() {
    return stored != computed;
  }
}
