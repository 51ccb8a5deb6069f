package io.ventral.check;

import io.ventral.tensor.DType;

/**
 * By how much an element may differ from the reference. With the exact result y[i] for the very
 * inputs the device had, n[i] terms and magnitudes s[i] as {@link Sensitivity} has them,
 *
 * <pre>  tolerance[i] = eps(format)·|y[i]| + 4·eps(arithmetic)·√n[i]·(s[i] + max|y|) + tiny</pre>
 *
 * <p><b>First term.</b> The result is rounded to its format: half an eps(format) if that is done
 * once and to nearest, a whole one for a faithful rounding.
 *
 * <p><b>Second term.</b> With unit roundoff u = eps/2, a sum of n products computed in any order is
 * off by at most λ·√n·u·Σ|terms| with probability above 1 − 2n·exp(−λ²/2), if rounding errors are
 * independent with mean zero (Higham and Mary, A New Approach to Probabilistic Rounding Error
 * Analysis, SISC 2019, theorem 3.1); λ = 8 makes that certain for all purposes: 2e-14·n, and λ·u =
 * 4·eps. What is not a sum of products is bounded through its first derivatives: an algorithm that
 * is backward stable gives the exact result of inputs off by a few u each, and s[i] is the response
 * to that. What arises on the way (a logarithm, a centred value) is taken to be no larger than the
 * largest result of the output.
 *
 * <p><b>Arithmetic.</b> Sums of 16-bit numbers are to be accumulated in FLOAT32, as tensor cores
 * and oneDNN do: in BFLOAT16 a hundred terms would already be worth nothing. So arithmetic is
 * FLOAT64 for FLOAT64 and FLOAT32 for every other format, and tiny is the smallest normal number of
 * the format, for devices may flush what is below.
 *
 * <p>There is no constant to tune: one formula holds for all operations, formats and devices.
 *
 * @param format of the output
 * @param arithmetic in which sums are accumulated
 */
record Tolerance(DType format, DType arithmetic, Sensitivity sensitivity) {
  private static final double EPSILONS = 4;

  /** Returns the tolerance for an output of {@code format} in a case of {@code dtype}. */
  static Tolerance of(DType format, DType dtype, Sensitivity sensitivity) {
    DType arithmetic = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    return new Tolerance(format, arithmetic, sensitivity);
  }

  /** Returns what element {@code i}, which should be {@code y}, may be off by. */
  double at(int i, double y) {
    double scale = sensitivity.magnitudes()[i] + sensitivity.largest();
    return format.epsilon() * Math.abs(y)
        + EPSILONS * arithmetic.epsilon() * Math.sqrt(sensitivity.terms()[i]) * scale
        + smallestNormal(format);
  }

  private static double smallestNormal(DType format) {
    return switch (format) {
      case FLOAT64 -> Double.MIN_NORMAL;
      case FLOAT32, BFLOAT16 -> Float.MIN_NORMAL;
      case FLOAT16 -> 0x1p-14;
      case INT64, INT32, UINT8, OPAQUE -> 0;
    };
  }
}
