package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.train.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The flags of {@code run}. One of {@link Learning} that is not given is null. */
final class RunFlags {
  @Option(
      names = "--weights",
      paramLabel = "WEIGHTS",
      description = "Parameters from a file (.safetensors).")
  Path weights;

  @Option(
      names = "--fill",
      paramLabel = "golden[:TAG]",
      description =
          "Parameters by a formula of their names, see test-data/golden/README.md; another TAG"
              + " gives other numbers.")
  String fill;

  @Option(
      names = "--input",
      paramLabel = "[NAME=]X.npy",
      required = true,
      description =
          "Images, N, C, H, W, as they are: .npy (float32, float64) or an ONNX tensor .pb. They"
              + " decide batch, channels, height and width. NAME: input.")
  List<String> inputs = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "[NAME=]Y.npy",
      description =
          "Write a layer's result, before any step. NAME: a layer (ventral describe) or output;"
              + " without one, the network's output. May be given several times.")
  List<String> outputs = new ArrayList<>();

  @Option(
      names = "--train",
      description =
          "Compute --output with training-mode normalisation, by the statistics of the batch (of"
              + " each device's share of it). Nothing is ever dropped.")
  boolean train;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes (default: that of --weights if it tells, or the model's).")
  Integer classes;

  @ArgGroup(
      validate = false,
      heading = "%nSteps of training, always by training-mode normalisation:%n")
  final Learning learning = new Learning();

  /** How steps are made. */
  static final class Learning {
    @Option(
        names = "--labels",
        paramLabel = "L.npy",
        description =
            "Class indices (int64), one an image: make steps of SGD and print the loss of each,"
                + " its mean over the batch, auxiliary outputs included.")
    Path labels;

    @Option(
        names = "--gradients",
        paramLabel = "G.safetensors",
        description =
            "Write the first step's gradients under the parameters' names; in float16 those of the"
                + " first that does not overflow.")
    Path gradients;

    @Option(names = "--steps", paramLabel = "N", description = "Number of steps (1).")
    Integer steps;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate (0.1).")
    Double lr;

    @Option(names = "--momentum", paramLabel = "M", description = "Momentum (0.9).")
    Double momentum;

    @Option(
        names = {"--wd", "--weight-decay"},
        paramLabel = "D",
        description = "Weight decay of every parameter (1e-4).")
    Double weightDecay;

    /**
     * Returns the optimizer if there are labels to learn from.
     *
     * @throws EngineException USER for values that cannot be, or given without labels
     */
    Optional<Optimizer> optimizer() {
      if (labels == null) {
        requireNone();
        return Optional.empty();
      }
      double chosenMomentum = Optional.ofNullable(momentum).orElse(0.9);
      double decay = Optional.ofNullable(weightDecay).orElse(1e-4);
      if (!(chosenMomentum >= 0 && chosenMomentum < 1) || !(decay >= 0) || !(rate() >= 0)) {
        throw EngineException.user(
            "--lr %s --momentum %s --weight-decay %s: momentum must lie in [0, 1), the others be 0 or more"
                .formatted(rate(), chosenMomentum, decay));
      }
      if (steps() < 1) {
        throw EngineException.user("--steps must be at least 1, not " + steps());
      }
      return Optional.of(new Optimizer.Sgd(chosenMomentum, false, decay));
    }

    private void requireNone() {
      boolean useless =
          gradients != null
              || steps != null
              || lr != null
              || momentum != null
              || weightDecay != null;
      if (useless) {
        throw EngineException.user(
            "--gradients, --steps, --lr, --momentum and --weight-decay need --labels L.npy");
      }
    }

    int steps() {
      return Optional.ofNullable(steps).orElse(1);
    }

    double rate() {
      return Optional.ofNullable(lr).orElse(0.1);
    }
  }

  List<TensorArgument> inputs() {
    return inputs.stream().map(text -> TensorArgument.parse("--input", text)).toList();
  }

  List<TensorArgument> outputs() {
    return outputs.stream().map(text -> TensorArgument.parse("--output", text)).toList();
  }
}
