package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.models.Models;
import io.ventral.train.Checkpoint;
import io.ventral.train.CheckpointInfo;
import io.ventral.train.LossScaling;
import io.ventral.train.RunDirectory;
import io.ventral.train.Trainer;
import io.ventral.train.TrainingJob;
import io.ventral.train.TrainingStart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    TrainingRequest request = new TrainingRequest(settings, flags);
    ModelSource model = request.model();
    Path output = request.output(model);
    TrainingJob job = request.job(model, messages);
    TrainingStart start = request.start(checkpoint);
    new TrainReport(job, messages).print(settings.decided(), checkpoint);
    try (Trainer trainer = Trainer.open(job, start);
        RunDirectory directory = RunDirectory.open(output)) {
      messages.info("run folder " + output);
      return run(trainer, directory, request.arguments(output), messages);
    }
  }

  private int run(
      Trainer trainer, RunDirectory directory, List<String> arguments, Messages messages) {
    directory.writeArguments(ArgumentFile.lines(arguments));
    Interruption interruption =
        new Interruption(trainer::stop, "the state was not saved; the last checkpoint holds");
    try {
      Trainer.Result result = result(trainer, directory, arguments, messages);
      result.scaling().ifPresent(scaling -> report(scaling, result.state().step(), messages));
      result.validation().ifPresent(evaluation -> TrainOutput.last(evaluation, format));
      return switch (result.ending()) {
        case FINISHED -> 0;
        case STOPPED -> {
          System.err.println("ventral: interrupted; state saved in " + directory.last());
          yield Interruption.EXIT_CODE;
        }
      };
    } finally {
      interruption.end();
    }
  }

  private static void report(LossScaling.Report scaling, long steps, Messages messages) {
    messages.info(
        "loss scale %.0f; %d of %d steps overflowed in float16 and were skipped"
            .formatted(scaling.scale(), scaling.skippedSteps(), steps));
  }

  private Trainer.Result result(
      Trainer trainer, RunDirectory directory, List<String> arguments, Messages messages) {
    StepBar bar = StepBar.of(format, messages);
    try (TrainOutput output = new TrainOutput(format, messages, bar)) {
      return trainer.train(directory, arguments, output);
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
}
