package io.ventral.cli;

import io.ventral.data.Augmentation;
import io.ventral.data.BadImages;
import io.ventral.data.DataOptions;
import io.ventral.data.DataSource;
import io.ventral.data.Preprocessing;
import io.ventral.data.Split;
import io.ventral.data.Splits;
import io.ventral.error.EngineException;
import io.ventral.network.Network;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.train.Checkpoint;
import io.ventral.train.RunDirectory;
import io.ventral.train.TrainingJob;
import io.ventral.train.TrainingStart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the flags of {@code train} ask for. They are decided in the order of asking, which is the
 * order in which they are printed and stored.
 *
 * @param command the flags of the command line alone, for what is never stored
 */
record TrainingRequest(Settings<TrainFlags> settings, TrainFlags command) {
  private static final int MOST_WORKERS = 16;

  /**
   * Returns the model.
   *
   * @throws EngineException USER if none is named or there is no such model
   */
  ModelSource model() {
    return ModelSource.of(
        settings
            .find("--model", given -> given.source.model)
            .orElseThrow(() -> EngineException.user("--model is missing (ventral models)")));
  }

  /** Returns the folder of the run. */
  Path output(ModelSource model) {
    return settings
        .find("--output-dir", given -> absolute(given.run.outputDir))
        .orElseGet(() -> RunDirectory.next(Path.of("runs"), model.name()));
  }

  /**
   * Returns the job; says on stderr what the data are and which devices were chosen.
   *
   * @throws EngineException USER for values that cannot be, and what opening the data can give
   */
  TrainingJob job(ModelSource model, Messages messages) {
    Mesh mesh = mesh(messages);
    Splits splits = splits();
    messages.info(splits.description());
    InputChoice input = input(model, splits);
    Network network = model.network(input.request());
    TrainingJob.Data data = data(splits, input.preprocessing());
    TrainingJob.Recipe recipe = new Learning(settings).recipe();
    return new TrainingJob(
        network,
        data,
        recipe,
        limits(),
        machine(mesh, messages),
        settings.get("--seed", given -> given.learning.seed, 0L));
  }

  private InputChoice input(ModelSource model, Splits splits) {
    return InputChoice.of(
        model,
        splits.require(Split.TRAIN),
        InputChoice.sizes(
            settings.find("--train-crop-size", given -> given.source.trainCropSize),
            settings.find("--val-resize-size", given -> given.source.valResizeSize),
            settings.find("--val-crop-size", given -> given.source.valCropSize)));
  }

  private TrainingJob.Data data(Splits splits, Preprocessing preprocessing) {
    return new TrainingJob.Data(
        splits.require(Split.TRAIN),
        splits.require(Split.VAL),
        preprocessing,
        Augmentation.of(settings.get("--augment", given -> given.source.augment, "default")),
        BadImages.of(settings.get("--bad-images", given -> given.data.badImages, "fail")));
  }

  private Mesh mesh(Messages messages) {
    return ChosenDevices.of(
            settings.find("--device", given -> given.device.device),
            DeviceFlags.threads(Optional.ofNullable(command.device.threads)),
            messages)
        .mesh();
  }

  private Splits splits() {
    Path root =
        settings
            .find("--data-path", given -> absolute(given.data.dataPath))
            .orElseThrow(() -> EngineException.user("--data-path is missing"));
    return DataSource.open(
        root,
        new DataOptions(
            settings.get("--val-split", given -> given.data.valSplit, 0.1),
            settings.find("--labels", given -> absolute(given.data.labels)),
            settings.get("--limit-train", given -> given.source.limitTrain, 0),
            settings.get("--limit-val", given -> given.data.limitVal, 0)));
  }

  private TrainingJob.Limits limits() {
    return new TrainingJob.Limits(
        count("--max-steps", given -> given.learning.maxSteps, 0),
        count("--early-stopping", given -> given.learning.earlyStopping, 0),
        count("--checkpoint-steps", given -> given.run.checkpointSteps, 0),
        count("--keep", given -> given.run.keep, 0),
        Math.max(1, count("--print-freq", given -> given.run.printFreq, 10)));
  }

  private int count(String flag, Function<TrainFlags, Integer> field, int fallback) {
    int value = settings.get(flag, field, fallback);
    if (value < 0) {
      throw EngineException.user(flag + " must be 0 or more, not " + value);
    }
    return value;
  }

  private TrainingJob.Machine machine(Mesh mesh, Messages messages) {
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = count("--workers", given -> given.run.workers, Math.min(MOST_WORKERS, cores));
    return new TrainingJob.Machine(
        mesh,
        AmpDType.precision(
            mesh,
            settings.find(
                "--amp-dtype", given -> given.device.ampDType(mesh, messages).orElse(null))),
        new DeviceOptions(
            DeviceFlags.threads(settings.find("--threads", given -> given.device.threads)),
            cuda().options()),
        Math.max(1, workers));
  }

  private CudaFlags cuda() {
    CudaFlags flags = new CudaFlags();
    flags.nondeterministic = decided("--nondeterministic", given -> given.nondeterministic);
    flags.tf32 = decided("--tf32", given -> given.tf32);
    flags.noCudaGraph = decided("--no-cuda-graph", given -> given.noCudaGraph);
    flags.workspace = decided("--cudnn-workspace", given -> given.workspace);
    return flags;
  }

  private <T> T decided(String flag, Function<CudaFlags, T> field) {
    return settings.find(flag, given -> field.apply(given.device.cuda)).orElse(null);
  }

  /** Returns where training begins: a checkpoint to go on from, weights, or anew. */
  TrainingStart start(Optional<Checkpoint> checkpoint) {
    Optional<Path> weights = settings.find("--weights", given -> absolute(given.run.weights));
    if (checkpoint.isPresent()) {
      return new TrainingStart.Resumed(checkpoint.get());
    }
    return weights
        .map(path -> (TrainingStart) new TrainingStart.FromWeights(Checkpoint.open(path)))
        .orElseGet(TrainingStart.Fresh::new);
  }

  /** Returns the flags decided so far as words that repeat the run in the folder {@code output}. */
  List<String> arguments(Path output) {
    List<String> words = new ArrayList<>(settings.words());
    if (!words.contains("--output-dir")) {
      words.addAll(List.of("--output-dir", absolute(output).toString()));
    }
    return words;
  }

  private static Path absolute(Path path) {
    return path == null ? null : path.toAbsolutePath().normalize();
  }
}
