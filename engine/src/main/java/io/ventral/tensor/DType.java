package io.ventral.tensor;

/** Number formats. Floating formats round to nearest, ties to even. */
public enum DType {
  FLOAT64("f64", 8),
  FLOAT32("f32", 4),
  FLOAT16("f16", 2),
  BFLOAT16("bf16", 2),
  INT64("i64", 8),
  INT32("i32", 4),
  UINT8("u8", 1),
  /** What a kernel saves for its backward: the bound kernel alone knows size and meaning. */
  OPAQUE("opaque", 0);

  private final String shortName;
  private final int bytes;

  DType(String shortName, int bytes) {
    this.shortName = shortName;
    this.bytes = bytes;
  }

  /** Returns the name used in messages and graphs, such as {@code f32}. */
  public String shortName() {
    return shortName;
  }

  /** Returns the size of one element in bytes; 0 for {@link #OPAQUE}. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether values are floating-point numbers. */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> true;
      case INT64, INT32, UINT8, OPAQUE -> false;
    };
  }

  /** Returns the format in which sums of such numbers are kept: FLOAT32 for 16 bits. */
  public DType accumulator() {
    return switch (this) {
      case FLOAT16, BFLOAT16 -> FLOAT32;
      case FLOAT64, FLOAT32, INT64, INT32, UINT8, OPAQUE -> this;
    };
  }

  /**
   * Returns {@code value} rounded once to this format, as a double. Integer formats truncate
   * towards zero and saturate, as Java's conversions do.
   */
  public double round(double value) {
    return switch (this) {
      case FLOAT64, OPAQUE -> value;
      case FLOAT32 -> (float) value;
      case FLOAT16 -> round(value, 10, -14, 65504);
      case BFLOAT16 -> round(value, 7, -126, 0x1.fep127);
      case INT64 -> (long) value;
      case INT32 -> (int) value;
      case UINT8 -> Math.clamp((long) value, 0, 255);
    };
  }

  /** Returns the distance from 1 to the next larger number: 2 to the minus significand bits. */
  public double epsilon() {
    return switch (this) {
      case FLOAT64 -> 0x1p-52;
      case FLOAT32 -> 0x1p-23;
      case FLOAT16 -> 0x1p-10;
      case BFLOAT16 -> 0x1p-7;
      case INT64, INT32, UINT8, OPAQUE -> 0;
    };
  }

  private static double round(double value, int fractionBits, int minExponent, double max) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(value), minExponent);
    double unit = Math.scalb(1.0, exponent - fractionBits);
    double rounded = Math.rint(value / unit) * unit;
    if (Math.abs(rounded) > max) {
      return Math.copySign(Double.POSITIVE_INFINITY, value);
    }
    return rounded;
  }
}
