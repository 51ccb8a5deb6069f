package io.ventral.op;

/**
 * How one parameter is updated.
 *
 * @param rateScale factor on the learning rate
 * @param weightDecay decay of this parameter
 */
public record Segment(double rateScale, double weightDecay) {}
