package io.ventral.graph;

/** What a state is for; the states of one role lie in one arena. */
public sealed interface StateRole {
  /** A trained or frozen weight. */
  record Parameter() implements StateRole {}

  /** What the optimizer keeps for every parameter, such as {@code momentum}. */
  record Slot(String name) implements StateRole {}

  /** A running statistic. */
  record Statistic() implements StateRole {}

  /** What gradients are multiplied by on their way, see {@code train.LossScaling}. */
  record LossScale() implements StateRole {}

  /** A number that counts steps. */
  record Counter() implements StateRole {}
}
