package io.ventral.train;

import io.ventral.data.Augmentation;
import io.ventral.data.BadImages;
import io.ventral.data.Dataset;
import io.ventral.data.LoaderOptions;
import io.ventral.data.Preprocessing;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.Precision;
import java.util.List;

/** All that determines a training run. */
public record TrainingJob(
    Network network, Data data, Recipe recipe, Limits limits, Machine machine, long seed) {

  /** The images, and how they become input. */
  public record Data(
      Dataset train,
      Dataset val,
      Preprocessing preprocessing,
      Augmentation augmentation,
      BadImages badImages) {}

  /**
   * How weights are changed.
   *
   * @param batchSize samples a step on each device
   */
  public record Recipe(
      Optimizer optimizer, LearningRate rate, double labelSmoothing, int batchSize, int epochs) {}

  /**
   * When to stop, save and report.
   *
   * @param maxSteps steps after which training ends; 0 = no limit
   * @param earlyStopping epochs without a better accuracy after which training ends; 0 = never
   * @param checkpointSteps steps between checkpoints within an epoch; 0 = only at the end of epochs
   * @param keep checkpoints of ended epochs to keep beside the last and the best
   * @param reportSteps steps between two reports
   */
  public record Limits(
      int maxSteps, int earlyStopping, int checkpointSteps, int keep, int reportSteps) {}

  /** Where it runs. */
  public record Machine(Mesh mesh, Precision precision, DeviceOptions devices, int workers) {
    /** Returns device list, number format and thread count in one line. */
    public String description() {
      return mesh + " " + precision.computed().shortName() + " threads " + devices.threads();
    }
  }

  /** Returns the samples of a full step on all devices together. */
  public int globalBatch() {
    return recipe.batchSize() * machine.mesh().size();
  }

  public List<String> classNames() {
    return data.train().classNames();
  }

  TrainingProgram.Options programOptions() {
    return new TrainingProgram.Options(
        new LoweringOptions(machine.precision().stored(), true, true, machine.mesh().size(), seed),
        recipe.optimizer(),
        recipe.labelSmoothing(),
        LossScaling.of(machine.precision()),
        false);
  }

  LoaderOptions trainingLoader() {
    return LoaderOptions.training(
            globalBatch(), machine.precision().stored(), data.preprocessing(), machine.workers())
        .withAugmentation(data.augmentation(), seed)
        .withBadImages(data.badImages());
  }

  LoaderOptions evaluationLoader() {
    return LoaderOptions.evaluation(
            globalBatch(), machine.precision().stored(), data.preprocessing(), machine.workers())
        .withBadImages(data.badImages());
  }
}
