package io.ventral.cli;

import io.ventral.data.Dataset;
import io.ventral.data.Preprocessing;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.tensor.DType;
import io.ventral.train.Checkpoint;
import io.ventral.train.CheckpointInfo;
import io.ventral.train.EvaluationProgram;
import io.ventral.train.TrainedNetwork;
import io.ventral.train.TrainingJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code --weights} and {@code --model} come to: a network, the file of its weights, and how
 * images become its input.
 *
 * @param classes as the weights name them; unknown for weights that are not ours
 */
record LoadedModel(
    Checkpoint weights, Network network, Preprocessing preprocessing, ClassNames classes)
    implements AutoCloseable {

  /**
   * Returns the model. Weights of ours say everything themselves; for others the shapes of the
   * tensors decide about channels and classes, and {@code images} about the size of small input.
   *
   * @throws EngineException USER if a file is missing or no model is named for weights that need
   *     one; DATA if the weights are damaged or the model does not fit them
   */
  static LoadedModel open(Path file, Optional<String> modelName, Dataset images) {
    Optional<ModelSource> model = modelName.map(ModelSource::of);
    Checkpoint weights = Checkpoint.open(file);
    try {
      return weights
          .info()
          .map(info -> ours(weights, info, model))
          .orElseGet(() -> bare(weights, model, images));
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private static LoadedModel ours(
      Checkpoint weights, CheckpointInfo info, Optional<ModelSource> model) {
    NetworkRequest request = info.network().request();
    Preprocessing input = info.preprocessing();
    boolean fits =
        input.channels() == request.channels()
            && input.cropHeight() == request.height()
            && input.cropWidth() == request.width()
            && List.of(0, request.classes()).contains(info.classNames().size());
    if (!fits) {
      throw EngineException.data(
          weights.path() + ": damaged metadata: network, preprocessing and classes do not agree");
    }
    Network network =
        model.map(source -> network(source, request, weights)).orElseGet(info::network);
    return new LoadedModel(weights, network, input, new ClassNames(info.classNames()));
  }

  private static Network network(ModelSource model, NetworkRequest request, Checkpoint weights) {
    try {
      Network network = model.network(request);
      // A network that cannot be had at the weights' size shows only when its layers are connected.
      EvaluationProgram.build(network, 1, DType.FLOAT32);
      return network;
    } catch (EngineException e) {
      throw new EngineException(
          ErrorKind.DATA,
          "%s: does not fit --model %s: %s".formatted(weights.path(), model.name(), e.getMessage()),
          e);
    }
  }

  private static LoadedModel bare(Checkpoint weights, Optional<ModelSource> model, Dataset images) {
    ModelSource source =
        model.orElseThrow(
            () ->
                EngineException.user(
                    weights.path()
                        + ": does not say what network it belongs to; --model is needed (ventral"
                        + " models)"));
    BareWeights shapes = BareWeights.of(weights, source);
    InputChoice input =
        InputChoice.of(
            source,
            images,
            shapes.channels().orElse(source.defaults().channels()),
            shapes.classes().orElse(source.defaults().classes()));
    Network network = network(source, input.request(), weights);
    return new LoadedModel(weights, network, input.preprocessing(), new ClassNames(List.of()));
  }

  /** Returns the network with its weights on devices, for batches of {@code batch} images. */
  TrainedNetwork on(TrainingJob.Machine machine, int batch) {
    return TrainedNetwork.open(network, weights, preprocessing, machine, batch);
  }

  /** Returns the number of classes. */
  int classCount() {
    return network.request().classes();
  }

  /** Returns one line: the network, and how images become its input. */
  String description() {
    String origin = weights.info().isPresent() ? "as the weights say" : "by convention";
    return "model %s; input %s, %s".formatted(network.name(), text(preprocessing), origin);
  }

  private static String text(Preprocessing input) {
    return "%dx%dx%d, %s, cropped at the centre, mean %s, std %s"
        .formatted(
            input.channels(),
            input.cropHeight(),
            input.cropWidth(),
            input.resize() == 0
                ? "not resized"
                : "shorter side resized to " + input.resize() + " (bilinear, antialiased)",
            input.mean(),
            input.std());
  }

  @Override
  public void close() {
    weights.close();
  }
}
