package io.ventral.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The flags of training. A flag that is not given is null: then the checkpoint, the model's recipe
 * or the default decides, see {@link Settings}.
 *
 * <p>The parts are no argument groups: a flag repeated in one of those would begin the group anew
 * and forget all its other flags.
 */
final class TrainFlags {
  @Mixin final ModelFlags source = new ModelFlags();

  @Mixin final DataFlags data = new DataFlags();

  @Mixin final LearningFlags learning = new LearningFlags();

  @Mixin final RunFlags run = new RunFlags();

  @Mixin final DeviceFlags device = new DeviceFlags();

  /** What is trained, and how images are presented. */
  static final class ModelFlags {
    @Option(
        names = {"-a", "--model", "--arch"},
        paramLabel = "MODEL",
        description =
            "A built-in network (ventral models), a definition MyNet.java, a network .json.")
    String model;

    @Option(
        names = "--limit-train",
        paramLabel = "N",
        description = "Use N evenly spaced training images (default: all).")
    Integer limitTrain;

    @Option(
        names = "--augment",
        paramLabel = "none|default|shift",
        description = "default: random resized crop and mirroring; shift: up to 2 pixels.")
    String augment;

    @Option(
        names = "--train-crop-size",
        paramLabel = "PIXELS",
        description = "Side of the network's input in training (default: the model's).")
    Integer trainCropSize;

    @Option(
        names = "--val-resize-size",
        paramLabel = "PIXELS",
        description = "Shorter side that images are resized to before the crop (256 for 224).")
    Integer valResizeSize;

    @Option(
        names = "--val-crop-size",
        paramLabel = "PIXELS",
        description = "Side of the centre crop in validation (default: as in training).")
    Integer valCropSize;
  }

  /** Where results go and what is reported. */
  static final class RunFlags {
    @Option(
        names = "--output-dir",
        paramLabel = "DIR",
        description = "Folder of the run (runs/<model>-<n>).")
    Path outputDir;

    @Option(
        names = "--weights",
        paramLabel = "WEIGHTS",
        description = "Start from these weights (.safetensors).")
    Path weights;

    @Option(
        names = "--checkpoint-steps",
        paramLabel = "N",
        description = "Save the state every N steps too (0: at the end of epochs).")
    Integer checkpointSteps;

    @Option(
        names = "--keep",
        paramLabel = "N",
        description = "Keep the checkpoints of the last N epochs (0).")
    Integer keep;

    @Option(
        names = {"-p", "--print-freq"},
        paramLabel = "STEPS",
        description = "Steps between two lines (10).")
    Integer printFreq;

    @Option(
        names = {"-j", "--workers"},
        paramLabel = "N",
        description = "Decoding threads (the number of cores, at most 16).")
    Integer workers;
  }
}
