package io.ventral.cli;

import io.ventral.data.BadImages;
import io.ventral.data.Dataset;
import io.ventral.data.UnlabelledImages;
import io.ventral.error.EngineException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a trained network sees in images. */
@Command(
    name = "predict",
    description = "Says what a trained network sees in images.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nJSON: [{\"file\":…,\"top\":[{\"class\":…,\"index\":…,\"probability\":…}]}], where class is"
          + " the index if no names are known.",
      "Example: ventral predict --weights runs/lenet5-1/best.safetensors test-data/digits/val/7"
    })
final class PredictCommand implements Runnable {
  @Mixin final InferenceFlags inference = new InferenceFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Option(
      names = "--topk",
      paramLabel = "K",
      description = "Classes named for an image, at most all (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  int topK;

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description = "Text with one class name a line, in the order of the indices.")
  Path classNames;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "json, text or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "json")
  OutputFormat format;

  @Parameters(
      paramLabel = "IMAGE|FOLDER",
      arity = "1..*",
      description = "Images, or folders with images at any depth, taken in the order of names.")
  List<Path> paths;

  @Override
  public void run() {
    if (topK < 1) {
      throw EngineException.user("--topk must be at least 1, not " + topK);
    }
    Messages messages = say.messages();
    Dataset images = UnlabelledImages.of(paths);
    try (LoadedModel model = inference.load(images, messages)) {
      ClassNames classes =
          classNames == null ? model.classes() : ClassNames.read(classNames, model.classCount());
      PredictOutput output = new PredictOutput(images, classes, topK);
      inference.run(model, images, BadImages.FAIL, output::add, messages);
      output.print(format);
    }
  }
}
