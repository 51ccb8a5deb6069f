package io.ventral.network;

/** What a stored tensor of a layer is. */
public enum ParameterRole {
  /** Filters and matrices. */
  WEIGHT,
  BIAS,
  /** The factor of a normalisation. */
  NORM_SCALE,
  /** The summand of a normalisation. */
  NORM_BIAS,
  RUNNING_MEAN,
  RUNNING_VARIANCE;

  /** Returns whether the optimizer changes it; running statistics follow the batches instead. */
  public boolean isTrained() {
    return switch (this) {
      case WEIGHT, BIAS, NORM_SCALE, NORM_BIAS -> true;
      case RUNNING_MEAN, RUNNING_VARIANCE -> false;
    };
  }
}
