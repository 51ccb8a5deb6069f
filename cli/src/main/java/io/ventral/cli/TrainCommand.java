package io.ventral.cli;

import io.ventral.data.Augmentation;
import io.ventral.data.BadImages;
import io.ventral.data.DataOptions;
import io.ventral.data.DataSource;
import io.ventral.data.Split;
import io.ventral.data.Splits;
import io.ventral.error.EngineException;
import io.ventral.models.Models;
import io.ventral.network.Network;
import io.ventral.place.Mesh;
import io.ventral.train.Checkpoint;
import io.ventral.train.CheckpointInfo;
import io.ventral.train.RunDirectory;
import io.ventral.train.Trainer;
import io.ventral.train.TrainingJob;
import io.ventral.train.TrainingStart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a network on a folder of images. */
@Command(
    name = "train",
    description = "Trains a network on a folder of images.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nDefaults, in brackets, give way to the model's recipe.",
      "Example: ventral train --model lenet5 --data-path test-data/digits --epochs 3"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;
  private static final int MOST_WORKERS = 16;

  @Mixin final TrainFlags flags = new TrainFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Option(
      names = "--resume",
      paramLabel = "FILE|DIR|auto",
      description =
          "Go on from a checkpoint, with its arguments; auto: the newest valid one in"
              + " --output-dir, if any.")
  String resume;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Override
  public Integer call() {
    if (resume != null && flags.run.weights != null) {
      throw EngineException.user("--resume and --weights exclude each other");
    }
    Optional<Checkpoint> checkpoint = new ResumePoint(resume, flags.run.outputDir).find();
    try {
      return train(checkpoint);
    } finally {
      checkpoint.ifPresent(Checkpoint::close);
    }
  }

  private int train(Optional<Checkpoint> checkpoint) {
    Messages messages = say.messages();
    Settings<TrainFlags> settings = settings(checkpoint);
    String modelName =
        settings
            .find("--model", given -> given.source.model)
            .orElseThrow(() -> EngineException.user("--model is missing (ventral models)"));
    ModelSource model = ModelSource.of(modelName);
    Path output =
        settings
            .find("--output-dir", given -> absolute(given.run.outputDir))
            .orElseGet(() -> RunDirectory.next(Path.of("runs"), model.name()));
    Mesh mesh = mesh(settings, messages);
    TrainingJob job = job(settings, model, mesh, messages);
    TrainingStart start = start(settings, checkpoint);
    report(settings, checkpoint, job, messages);
    try (Trainer trainer = Trainer.open(job, start);
        RunDirectory directory = RunDirectory.open(output)) {
      messages.info("run folder " + output);
      return run(trainer, directory, arguments(settings, output), messages);
    }
  }

  private int run(
      Trainer trainer, RunDirectory directory, List<String> arguments, Messages messages) {
    directory.writeArguments(ArgumentFile.lines(arguments));
    Interruption interruption = new Interruption(trainer::stop);
    try {
      Trainer.Result result =
          trainer.train(directory, arguments, new TrainOutput(format, messages));
      result.validation().ifPresent(evaluation -> TrainOutput.last(evaluation, format));
      return switch (result.ending()) {
        case FINISHED -> 0;
        case STOPPED -> {
          System.err.println("ventral: interrupted; state saved in " + directory.last());
          yield INTERRUPTED;
        }
      };
    } finally {
      interruption.end();
    }
  }

  /** Command line, then checkpoint, then recipe. */
  private Settings<TrainFlags> settings(Optional<Checkpoint> checkpoint) {
    List<Settings.Layer<TrainFlags>> layers = new ArrayList<>();
    layers.add(new Settings.Layer<>("given", flags));
    checkpoint
        .flatMap(Checkpoint::info)
        .map(CheckpointInfo::arguments)
        .ifPresent(words -> layers.add(new Settings.Layer<>("checkpoint", parsed(words))));
    layers.stream()
        .map(layer -> layer.flags().source.model)
        .filter(name -> name != null)
        .findFirst()
        .flatMap(Models::recipe)
        .ifPresent(
            text -> layers.add(new Settings.Layer<>("recipe", parsed(ArgumentFile.words(text)))));
    return new Settings<>(layers);
  }

  private static TrainFlags parsed(List<String> words) {
    return CommandLine.populateCommand(new TrainFlags(), words.toArray(String[]::new));
  }

  private Mesh mesh(Settings<TrainFlags> settings, Messages messages) {
    return settings
        .find("--device", given -> given.device.device)
        .map(Mesh::parse)
        .orElseGet(() -> flags.device.mesh(messages));
  }

  private TrainingJob job(
      Settings<TrainFlags> settings, ModelSource model, Mesh mesh, Messages messages) {
    Splits splits = splits(settings);
    messages.info(splits.description());
    InputChoice input =
        InputChoice.of(
            model,
            splits.require(Split.TRAIN),
            InputChoice.sizes(
                settings.find("--train-crop-size", given -> given.source.trainCropSize),
                settings.find("--val-resize-size", given -> given.source.valResizeSize),
                settings.find("--val-crop-size", given -> given.source.valCropSize)));
    Network network = model.network(input.request());
    TrainingJob.Data data =
        new TrainingJob.Data(
            splits.require(Split.TRAIN),
            splits.require(Split.VAL),
            input.preprocessing(),
            Augmentation.of(settings.get("--augment", given -> given.source.augment, "default")),
            BadImages.of(settings.get("--bad-images", given -> given.source.badImages, "fail")));
    TrainingJob.Recipe recipe = new Learning(settings).recipe();
    return new TrainingJob(
        network,
        data,
        recipe,
        limits(settings),
        machine(settings, mesh),
        settings.get("--seed", given -> given.learning.seed, 0L));
  }

  private static Splits splits(Settings<TrainFlags> settings) {
    Path root =
        settings
            .find("--data-path", given -> absolute(given.source.dataPath))
            .orElseThrow(() -> EngineException.user("--data-path is missing"));
    return DataSource.open(
        root,
        new DataOptions(
            settings.get("--val-split", given -> given.source.valSplit, 0.1),
            settings.find("--labels", given -> absolute(given.source.labels)),
            settings.get("--limit-train", given -> given.source.limitTrain, 0),
            settings.get("--limit-val", given -> given.source.limitVal, 0)));
  }

  private static Path absolute(Path path) {
    return path == null ? null : path.toAbsolutePath().normalize();
  }

  private static TrainingJob.Limits limits(Settings<TrainFlags> settings) {
    return new TrainingJob.Limits(
        count(settings, "--max-steps", given -> given.learning.maxSteps, 0),
        count(settings, "--early-stopping", given -> given.learning.earlyStopping, 0),
        count(settings, "--checkpoint-steps", given -> given.run.checkpointSteps, 0),
        count(settings, "--keep", given -> given.run.keep, 0),
        Math.max(1, count(settings, "--print-freq", given -> given.run.printFreq, 10)));
  }

  private static int count(
      Settings<TrainFlags> settings,
      String flag,
      Function<TrainFlags, Integer> field,
      int fallback) {
    int value = settings.get(flag, field, fallback);
    if (value < 0) {
      throw EngineException.user(flag + " must be 0 or more, not " + value);
    }
    return value;
  }

  private TrainingJob.Machine machine(Settings<TrainFlags> settings, Mesh mesh) {
    int cores = Runtime.getRuntime().availableProcessors();
    int workers =
        count(settings, "--workers", given -> given.run.workers, Math.min(MOST_WORKERS, cores));
    return new TrainingJob.Machine(
        mesh,
        flags.device.dtype(mesh),
        DeviceFlags.threads(settings.find("--threads", given -> given.device.threads)),
        Math.max(1, workers));
  }

  private static TrainingStart start(
      Settings<TrainFlags> settings, Optional<Checkpoint> checkpoint) {
    Optional<Path> weights = settings.find("--weights", given -> absolute(given.run.weights));
    if (checkpoint.isPresent()) {
      return new TrainingStart.Resumed(checkpoint.get());
    }
    return weights
        .map(path -> (TrainingStart) new TrainingStart.FromWeights(Checkpoint.open(path)))
        .orElseGet(TrainingStart.Fresh::new);
  }

  private static void report(
      Settings<TrainFlags> settings,
      Optional<Checkpoint> checkpoint,
      TrainingJob job,
      Messages messages) {
    settings
        .decided()
        .forEach(
            setting ->
                messages.info(
                    "  %s %s (%s)".formatted(setting.flag(), setting.value(), setting.origin())));
    int devices = job.machine().mesh().size();
    messages.info(
        devices == 1
            ? "batch " + job.globalBatch()
            : "batch %d on each of %d devices, %d in all; the rate is not scaled"
                .formatted(job.recipe().batchSize(), devices, job.globalBatch()));
    checkpoint.ifPresent(file -> reportResume(file, settings, job, messages));
  }

  private static void reportResume(
      Checkpoint file, Settings<TrainFlags> settings, TrainingJob job, Messages messages) {
    messages.info("resuming from " + file.path());
    settings.decided().stream()
        .filter(setting -> setting.origin().equals("given"))
        .forEach(setting -> messages.info("overridden: " + setting.flag() + " " + setting.value()));
    String origin = file.info().map(CheckpointInfo::origin).orElse("");
    if (!origin.equals(job.machine().description())) {
      messages.info(
          "the checkpoint was made on %s, this is %s: results may differ in the last bits"
              .formatted(origin, job.machine().description()));
    }
  }

  private static List<String> arguments(Settings<TrainFlags> settings, Path output) {
    List<String> words = new ArrayList<>(settings.words());
    if (!words.contains("--output-dir")) {
      words.addAll(List.of("--output-dir", output.toAbsolutePath().normalize().toString()));
    }
    return words;
  }
}
