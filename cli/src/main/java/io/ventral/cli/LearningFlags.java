package io.ventral.cli;

import picocli.CommandLine.Option;

/** The flags of training that say how weights change; one that is not given is null. */
final class LearningFlags {
  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (90).")
  Integer epochs;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Images a step on each device (32).")
  Integer batchSize;

  @Option(
      names = "--opt",
      paramLabel = "NAME",
      description = "sgd, nesterov, adam, adamw, rmsprop or alexnet (sgd).")
  String opt;

  @Option(names = "--lr", paramLabel = "RATE", description = "Base learning rate (0.1).")
  Double lr;

  @Option(names = "--momentum", paramLabel = "M", description = "Momentum (0.9).")
  Double momentum;

  @Option(
      names = {"--wd", "--weight-decay"},
      paramLabel = "D",
      description = "Weight decay of every parameter (1e-4).")
  Double weightDecay;

  @Option(
      names = "--lr-scheduler",
      paramLabel = "NAME",
      description =
          "steplr, multisteplr, cosineannealinglr, exponentiallr, reducelronplateau or"
              + " constant (steplr).")
  String scheduler;

  @Option(
      names = "--lr-step-size",
      paramLabel = "EPOCHS",
      description = "Epochs between two steps of steplr (30); patience of reducelronplateau.")
  Integer stepSize;

  @Option(
      names = "--lr-milestones",
      paramLabel = "EPOCHS",
      converter = Milestones.Converter.class,
      description = "Epochs of the steps of multisteplr, such as 30,60,80.")
  Milestones milestones;

  @Option(
      names = "--lr-gamma",
      paramLabel = "FACTOR",
      description = "Factor on the rate at each step (0.1).")
  Double gamma;

  @Option(
      names = "--lr-min",
      paramLabel = "RATE",
      description = "Rate at the end of cosineannealinglr (0).")
  Double minimum;

  @Option(
      names = "--lr-warmup-epochs",
      paramLabel = "N",
      description = "Epochs in which the rate rises evenly from a hundredth (0).")
  Integer warmupEpochs;

  @Option(
      names = "--label-smoothing",
      paramLabel = "E",
      description = "Share of the target spread over all classes (0).")
  Double labelSmoothing;

  @Option(
      names = "--early-stopping",
      paramLabel = "PATIENCE",
      description = "End after that many epochs without a better accuracy (0: never).")
  Integer earlyStopping;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "End after N steps in all (0: no limit).")
  Integer maxSteps;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Everything random follows from it (0).")
  Long seed;
}
