package io.ventral.check;

import io.ventral.tensor.DType;
import java.util.Locale;

/**
 * One kernel on one case, against the reference.
 *
 * @param opCase the name of the case
 * @param op the name of the operation: that of the case, or one of its gradient
 * @param error the worst error in units of tolerance; 0 where nothing was computed
 * @param reason what is wrong, or why it is not supported; empty if it is correct
 */
public record ParityRow(
    String opCase,
    String op,
    DType dtype,
    Direction direction,
    double error,
    Verdict verdict,
    String reason) {

  /** Whether a kernel runs in the forward or in the backward pass of its case. */
  public enum Direction {
    FORWARD,
    BACKWARD
  }

  /** What came of it. */
  public enum Verdict {
    OK,
    FAILED,
    UNSUPPORTED
  }

  /** Returns this row for a node of a network. */
  ParityRow of(String node) {
    Direction part = node.endsWith(" backward") ? Direction.BACKWARD : Direction.FORWARD;
    return new ParityRow(node, op, dtype, part, error, verdict, reason);
  }

  /** Returns for example {@code f32 backward Conv2dGradInput of Conv2d 3x3: failed: …}. */
  @Override
  public String toString() {
    String where =
        direction == Direction.FORWARD
            ? "%s forward %s".formatted(dtype.shortName(), opCase)
            : "%s backward %s of %s".formatted(dtype.shortName(), op, opCase);
    return switch (verdict) {
      case OK -> String.format(Locale.ROOT, "%s: ok, %.3f of tolerance", where, error);
      case FAILED -> where + ": failed: " + reason;
      case UNSUPPORTED -> where + ": not supported: " + reason;
    };
  }
}
