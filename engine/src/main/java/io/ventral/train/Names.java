package io.ventral.train;

/**
 * The names of inputs and outputs of the training and evaluation programs, and of optimizer states.
 */
final class Names {
  /** Images, f[N,C,H,W] or u8[N,C,H,W], batched. */
  static final String INPUT = "input";

  /** Class indices, i64[N], batched. */
  static final String LABELS = "labels";

  /** Weights of the samples, f[N], batched: 1, or 0 for padding. */
  static final String WEIGHTS = "weights";

  /** 1 / sum of the weights of the whole batch, a scalar. */
  static final String NORMALIZER = "normalizer";

  /** Learning rate, a scalar. */
  static final String RATE = "learning_rate";

  /** Number of the step from the beginning of training, i64, a scalar. */
  static final String STEP = "step";

  /** Training: mean loss, auxiliary outputs included. */
  static final String LOSS = "loss";

  /** Evaluation: sum of the losses of the main output. */
  static final String LOSS_SUM = "loss_sum";

  /** Number of samples whose label is the best score. */
  static final String TOP1 = "top1";

  /** Number of samples whose label is among the best scores. */
  static final String TOP5 = "top5";

  /** 1 if loss and all gradients are finite, i32. */
  static final String FINITE = "finite";

  /** State, and as an output of training its value in this step: the loss scale. */
  static final String LOSS_SCALE = "optimizer.loss_scale";

  /** State: finite steps since the loss scale last changed. */
  static final String GOOD_STEPS = "optimizer.good_steps";

  /** State: steps that were not applied, since with their loss scale they were not finite. */
  static final String SKIPPED_STEPS = "optimizer.skipped_steps";

  /** Evaluation: probabilities, f[N, classes], batched. */
  static final String PROBABILITIES = "probabilities";

  /** Evaluation: losses, f[N], batched. */
  static final String LOSSES = "losses";

  /** State: optimizer steps applied so far. */
  static final String APPLIED_STEPS = "optimizer.steps";

  /**
   * State, and as an output of scaled training its new value: 1 as long as every step of this
   * session was finite, or skipped for its loss scale, i32. It lets no step be applied behind one
   * that was not, for results are read one step late. No file holds it.
   */
  static final String SOUND = "sound";

  private Names() {}

  /** Returns the state of an optimizer slot for a parameter. */
  static String slot(String slot, String parameter) {
    return "optimizer." + slot + "." + parameter;
  }

  /** Returns the output that holds the gradient of a parameter. */
  static String gradient(String parameter) {
    return "gradient." + parameter;
  }
}
