package io.ventral.cli;

import io.ventral.data.BadImage;
import io.ventral.data.BadImages;
import io.ventral.data.Dataset;
import io.ventral.data.LoaderOptions;
import io.ventral.error.EngineException;
import io.ventral.place.Mesh;
import io.ventral.train.Evaluation;
import io.ventral.train.EvaluationListener;
import io.ventral.train.ImageResult;
import io.ventral.train.TrainedNetwork;
import io.ventral.train.TrainingJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of a pass of a trained network over images, and the pass. */
final class InferenceFlags {
  private static final int MOST_WORKERS = 16;

  @Option(
      names = "--weights",
      paramLabel = "WEIGHTS",
      required = true,
      description = "The network's weights (.safetensors), such as best.safetensors of a run.")
  Path weights;

  @Option(
      names = {"-a", "--model", "--arch"},
      paramLabel = "MODEL",
      description =
          "A built-in network (ventral models), a definition MyNet.java, a network .json."
              + " Default: what the weights say; those of other programs say nothing.")
  String model;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Images at a time on each device (default: ${DEFAULT-VALUE}).",
      defaultValue = "32")
  int batchSize;

  @Option(
      names = {"-j", "--workers"},
      paramLabel = "N",
      description = "Decoding threads (default: the number of cores, at most 16).")
  Integer workers;

  @Mixin final DeviceFlags device = new DeviceFlags();

  /** Returns the model for {@code images}, after saying what it is. */
  LoadedModel load(Dataset images, Messages messages) {
    LoadedModel loaded = LoadedModel.open(weights, Optional.ofNullable(model), images);
    messages.info(loaded.description());
    return loaded;
  }

  /** Returns what a pass over {@code images} found; {@code results} sees every image in order. */
  Evaluation run(
      LoadedModel loaded,
      Dataset images,
      BadImages badImages,
      Consumer<ImageResult> results,
      Messages messages) {
    TrainingJob.Machine machine = machine(messages);
    int devices = machine.mesh().size();
    // No larger than the data needs: one image is no batch of 32.
    int batch = devices * Math.min(positive("--batch-size", batchSize), ceil(images, devices));
    LoaderOptions options =
        LoaderOptions.evaluation(
                batch, machine.precision().stored(), loaded.preprocessing(), machine.workers())
            .withBadImages(badImages);
    List<BadImage> skipped = new ArrayList<>();
    SizeCheck sized = new SizeCheck(images, loaded.preprocessing());
    try (TrainedNetwork network = loaded.on(machine, batch);
        Progress progress = Progress.of("images", images.size(), messages)) {
      return network
          .evaluator()
          .evaluate(sized, options, listener(results, skipped, progress), () -> false);
    } finally {
      skipped.forEach(image -> messages.info("skipped " + image.name() + ": " + image.reason()));
      sized.finding().ifPresent(messages::info);
    }
  }

  private static EvaluationListener listener(
      Consumer<ImageResult> results, List<BadImage> skipped, Progress progress) {
    return new EvaluationListener() {
      @Override
      public void image(ImageResult result) {
        results.accept(result);
        progress.advance(1);
      }

      @Override
      public void skipped(BadImage image) {
        skipped.add(image);
        progress.advance(1);
      }
    };
  }

  private TrainingJob.Machine machine(Messages messages) {
    Mesh mesh = device.devices(messages).mesh();
    int cores = Runtime.getRuntime().availableProcessors();
    int decoders = workers == null ? Math.min(MOST_WORKERS, cores) : workers;
    return new TrainingJob.Machine(
        mesh, device.precision(mesh, messages), device.options(), positive("--workers", decoders));
  }

  private static int ceil(Dataset images, int devices) {
    return Math.ceilDiv(images.size(), devices);
  }

  private static int positive(String flag, int value) {
    if (value < 1) {
      throw EngineException.user(flag + " must be at least 1, not " + value);
    }
    return value;
  }
}
