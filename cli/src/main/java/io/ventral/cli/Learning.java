package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.train.LearningRate;
import io.ventral.train.Optimizer;
import io.ventral.train.Schedule;
import io.ventral.train.TrainingJob;
import java.util.List;
import java.util.function.Function;

/** Reads the flags that say how weights change. */
final class Learning {
  private static final List<String> OPTIMIZERS =
      List.of("sgd", "nesterov", "adam", "adamw", "rmsprop", "alexnet");
  private static final List<String> SCHEDULES =
      List.of(
          "steplr",
          "multisteplr",
          "cosineannealinglr",
          "exponentiallr",
          "reducelronplateau",
          "constant");

  private final Settings<TrainFlags> settings;

  Learning(Settings<TrainFlags> settings) {
    this.settings = settings;
  }

  TrainingJob.Recipe recipe() {
    int epochs = positive("--epochs", flags -> flags.epochs, 90);
    int batch = positive("--batch-size", flags -> flags.batchSize, 32);
    Optimizer optimizer = optimizer();
    return new TrainingJob.Recipe(
        optimizer,
        rate(epochs),
        get("--label-smoothing", flags -> flags.labelSmoothing, 0.0),
        batch,
        epochs);
  }

  private Optimizer optimizer() {
    String name = get("--opt", flags -> flags.opt, "sgd");
    double decay = get("--weight-decay", flags -> flags.weightDecay, 1e-4);
    double momentum = get("--momentum", flags -> flags.momentum, 0.9);
    if (!(momentum >= 0 && momentum < 1) || !(decay >= 0)) {
      throw EngineException.user(
          "--momentum %s --weight-decay %s: momentum must lie in [0, 1), decay be 0 or more"
              .formatted(momentum, decay));
    }
    return switch (name) {
      case "sgd" -> new Optimizer.Sgd(momentum, false, decay);
      case "nesterov" -> new Optimizer.Sgd(momentum, true, decay);
      case "adam" -> new Optimizer.Adam(0.9, 0.999, 1e-8, false, decay);
      case "adamw" -> new Optimizer.Adam(0.9, 0.999, 1e-8, true, decay);
      case "rmsprop" -> new Optimizer.RmsProp(0.9, 0.0316, momentum, decay);
      case "alexnet" -> new Optimizer.AlexNet(momentum, decay);
      default -> throw unknown("--opt", name, OPTIMIZERS);
    };
  }

  private LearningRate rate(int epochs) {
    double base = get("--lr", flags -> flags.lr, 0.1);
    int warmup = get("--lr-warmup-epochs", flags -> flags.warmupEpochs, 0);
    String name = get("--lr-scheduler", flags -> flags.scheduler, "steplr");
    return new LearningRate(base, warmup, schedule(name, base, epochs - warmup));
  }

  private Schedule schedule(String name, double base, int epochs) {
    return switch (name) {
      case "steplr" -> new Schedule.Step(stepSize(30), gamma());
      case "multisteplr" -> new Schedule.MultiStep(milestones(), gamma());
      case "cosineannealinglr" ->
          new Schedule.Cosine(epochs, get("--lr-min", flags -> flags.minimum, 0.0) / base);
      case "exponentiallr" -> new Schedule.Exponential(gamma());
      case "reducelronplateau" -> new Schedule.Plateau(stepSize(10), gamma());
      case "constant" -> new Schedule.Constant();
      default -> throw unknown("--lr-scheduler", name, SCHEDULES);
    };
  }

  private List<Integer> milestones() {
    return get("--lr-milestones", flags -> flags.milestones, new Milestones(List.of())).epochs();
  }

  private int stepSize(int fallback) {
    return positive("--lr-step-size", flags -> flags.stepSize, fallback);
  }

  private double gamma() {
    return get("--lr-gamma", flags -> flags.gamma, 0.1);
  }

  private int positive(String flag, Function<LearningFlags, Integer> field, int fallback) {
    int value = get(flag, field, fallback);
    if (value < 1) {
      throw EngineException.user(flag + " must be at least 1, not " + value);
    }
    return value;
  }

  private <T> T get(String flag, Function<LearningFlags, T> field, T fallback) {
    return settings.get(flag, flags -> field.apply(flags.learning), fallback);
  }

  private static EngineException unknown(String flag, String name, List<String> names) {
    String hint =
        Suggestion.nearest(name, names).map(near -> "; did you mean " + near + "?").orElse("");
    return EngineException.user(
        flag + " '" + name + "'" + hint + " (" + String.join(", ", names) + ")");
  }
}
