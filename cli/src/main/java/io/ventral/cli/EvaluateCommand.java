package io.ventral.cli;

import io.ventral.data.BadImages;
import io.ventral.data.DataOptions;
import io.ventral.data.DataSource;
import io.ventral.data.Dataset;
import io.ventral.data.MatchedClasses;
import io.ventral.data.Split;
import io.ventral.data.Splits;
import io.ventral.error.EngineException;
import io.ventral.train.Evaluation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the accuracy of a trained network on labelled images, each counted once. */
@Command(
    name = "evaluate",
    description = "Measures the accuracy of a trained network on labelled images.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nThe last line on stdout: Acc@1 and Acc@5 in per cent, mean loss, images counted.",
      "Classes are matched by name where the weights carry names, else by index.",
      "Example: ventral evaluate --weights runs/lenet5-1/best.safetensors --data-path"
          + " test-data/digits"
    })
final class EvaluateCommand implements Runnable {
  @Mixin final InferenceFlags inference = new InferenceFlags();
  @Mixin final DataFlags data = new DataFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Option(
      names = "--split",
      paramLabel = "val|train|test",
      description = "The part of the data (default: val; all of data that is not split).")
  String split;

  @Option(
      names = "--results-file",
      paramLabel = "R.csv",
      description =
          "Write a row an image: file,label,prediction,probability,loss,top5. Classes by name, or"
              + " index where no names are known; probability is the prediction's; top5 holds up"
              + " to five classes, the best first, with ; between them.")
  Path resultsFile;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Override
  public void run() {
    Messages messages = say.messages();
    BadImages policy = BadImages.of(data.badImages == null ? "fail" : data.badImages);
    Dataset images = images(messages);
    try (LoadedModel model = inference.load(images, messages)) {
      ClassNames classes =
          model.classes().known() ? model.classes() : new ClassNames(images.classNames());
      Dataset matched = matched(images, model);
      Optional<ResultsFile> results =
          Optional.ofNullable(resultsFile).map(path -> new ResultsFile(path, matched, classes));
      Evaluation evaluation =
          inference.run(
              model,
              matched,
              policy,
              result -> results.ifPresent(file -> file.add(result)),
              messages);
      TrainOutput.last(evaluation, format);
      results.ifPresent(ResultsFile::write);
    }
  }

  private Dataset images(Messages messages) {
    if (data.dataPath == null) {
      throw EngineException.user("--data-path is missing");
    }
    int limit = data.limitVal == null ? 0 : data.limitVal;
    double valSplit = data.valSplit == null ? 0 : data.valSplit;
    Splits splits =
        DataSource.open(
            data.dataPath,
            new DataOptions(valSplit, Optional.ofNullable(data.labels), limit, limit));
    messages.info(splits.description());
    if (split != null) {
      return splits.require(Split.of(split));
    }
    if (splits.val().isEmpty() && splits.test().isEmpty()) {
      Dataset all = splits.require(Split.TRAIN);
      messages.info(
          "the data is not split: all %d images are evaluated (--val-split SHARE takes a share)"
              .formatted(all.size()));
      return all;
    }
    return splits.require(Split.VAL);
  }

  private static Dataset matched(Dataset images, LoadedModel model) {
    if (model.classes().known()) {
      return MatchedClasses.byName(images, model.classes().names());
    }
    if (images.classNames().size() != model.classCount()) {
      throw EngineException.data(
          "%s: weights for %d classes, without names; the data has %d classes"
              .formatted(model.weights().path(), model.classCount(), images.classNames().size()));
    }
    return images;
  }
}
