package io.ventral.backend.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Activation functions of one element, and their gradients. */
final class Activation {
  private Activation() {}

  /** max(x, 0); a NaN stays NaN. */
  static double relu(double x) {
    return Math.max(x, 0);
  }

  /** From y and dy. */
  static double reluGrad(double y, double dy) {
    return y > 0 ? dy : 0;
  }

  static DoubleUnaryOperator leakyRelu(double slope) {
    return x -> x > 0 ? x : slope * x;
  }

  /** From x and dy. */
  static DoubleBinaryOperator leakyReluGrad(double slope) {
    return (x, dy) -> x > 0 ? dy : slope * dy;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** From y and dy. */
  static double sigmoidGrad(double y, double dy) {
    return dy * y * (1 - y);
  }

  /** From y and dy. */
  static double tanhGrad(double y, double dy) {
    return dy * (1 - y * y);
  }
}
