package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * What becomes of the loss scale after a step.
 *
 * <p>Inputs: the scale (a floating scalar), the good steps since it last changed (i64), the steps
 * skipped so far (i64), and two flags (i32): {@code healthy}, whether the loss is finite and all
 * was well before, and {@code finite}, whether the gradients are, too. Outputs: the first three
 * after this step, and a flag, whether all is well still.
 *
 * <ul>
 *   <li>A finite step counts, and the {@code interval}-th in a row multiplies the scale by {@code
 *       growth}, up to {@code most}, and begins to count anew.
 *   <li>A step whose gradients alone are not finite was scaled too far and is skipped: the scale is
 *       multiplied by {@code backoff}, down to {@code least}, and counting begins anew.
 *   <li>Where the scale is the least already, or the loss is not finite, nothing changes, and all
 *       is well no more.
 * </ul>
 */
public record LossScaleStep(double growth, double backoff, long interval, double least, double most)
    implements Op {
  public LossScaleStep {
    if (!(growth > 1 && backoff > 0 && backoff < 1 && interval > 0)) {
      throw EngineException.user(
          "growth %s, backoff %s, interval %d: must be above 1, in (0, 1), at least 1"
              .formatted(growth, backoff, interval));
    }
    if (!(least > 0 && least <= most && most < Double.POSITIVE_INFINITY)) {
      throw EngineException.user("a loss scale in [%s, %s]: no such range".formatted(least, most));
    }
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 5);
    Signature.floating("loss scale", inputs.get(0));
    Signature.scalar("loss scale", inputs.get(0), inputs.get(0).dtype());
    Signature.scalar("good steps", inputs.get(1), DType.INT64);
    Signature.scalar("skipped steps", inputs.get(2), DType.INT64);
    Signature.scalar("healthy", inputs.get(3), DType.INT32);
    Signature.scalar("finite", inputs.get(4), DType.INT32);
    return inputs.subList(0, 4);
  }

  @Override
  public String label() {
    return "LossScaleStep growth %s after %d, backoff %s, in [%s, %s]"
        .formatted(growth, interval, backoff, least, most);
  }
}
