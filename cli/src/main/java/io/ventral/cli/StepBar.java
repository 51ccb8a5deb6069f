package io.ventral.cli;

/** The bar of the steps of an epoch, a new one each epoch; on a terminal only. */
final class StepBar {
  private final boolean visible;
  private int epoch;
  private Progress progress = new Progress("", 0, 0, false);

  StepBar(boolean visible) {
    this.visible = visible;
  }

  /** Returns the bar of a run that prints in {@code format}: machines are shown none. */
  static StepBar of(OutputFormat format, Messages messages) {
    return new StepBar(format == OutputFormat.TEXT && Progress.canShow(messages));
  }

  /** Says that {@code step} of the {@code steps} steps of an epoch are made. */
  void show(int epoch, int epochs, int step, int steps) {
    if (epoch != this.epoch) {
      this.epoch = epoch;
      progress = new Progress("epoch %d/%d step".formatted(epoch, epochs), step, steps, visible);
    }
    progress.moveTo(step);
  }

  /** Removes the bar, until the next step: to be called before a line is printed. */
  void clear() {
    progress.clear();
  }
}
