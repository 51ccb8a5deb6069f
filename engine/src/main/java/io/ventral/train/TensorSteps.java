package io.ventral.train;

import io.ventral.error.EngineException;
import io.ventral.io.SafetensorsWriter;
import io.ventral.network.Network;
import io.ventral.network.ParameterSpec;
import io.ventral.run.Compiler;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps of training on given tensors, all samples of equal weight; part of a {@link TensorRun}. */
public final class TensorSteps implements AutoCloseable {
  private final Executable executable;
  private final List<ParameterSpec> trained;
  private final boolean isScaled;
  private final HostTensor weights;
  private final HostTensor normalizer;
  private final HostTensor rate;
  private final HostTensor count = HostTensor.scalar(DType.INT64, 0);

  TensorSteps(Network network, int batch, TrainingProgram.Options options, Compiler compiler) {
    TrainingProgram program = TrainingProgram.build(network, batch, options);
    DType dtype = options.lowering().dtype();
    isScaled = options.lossScaling().isPresent();
    executable = compiler.compile(program.graph());
    trained =
        program.parameters().stream().filter(parameter -> parameter.role().isTrained()).toList();
    weights = HostTensor.zeros(TensorType.of(dtype, batch));
    weights.setRowMajor(sample -> 1);
    normalizer = HostTensor.scalar(dtype, 1.0 / batch);
    rate = HostTensor.scalar(dtype, 0);
  }

  Executable executable() {
    return executable;
  }

  Result run(Session session, HostTensor images, HostTensor labels, double learningRate) {
    rate.set(0, learningRate);
    Feeds feeds =
        new Feeds()
            .with(Names.INPUT, images)
            .with(Names.LABELS, labels)
            .with(Names.WEIGHTS, weights)
            .with(Names.NORMALIZER, normalizer)
            .with(Names.RATE, rate)
            .with(Names.STEP, count);
    Fetches fetches = session.run(executable, feeds);
    count.set(0, count.value() + 1);
    if (isScaled) {
      trained.forEach(parameter -> unscale(fetches, parameter));
    }
    return new Result(fetches, trained, isScaled && LossScaling.skipped(fetches));
  }

  private static void unscale(Fetches fetches, ParameterSpec parameter) {
    double scale = fetches.scalar(Names.LOSS_SCALE);
    HostTensor gradient = fetches.get(Names.gradient(parameter.name()));
    for (long i = 0; i < gradient.type().elements(); i++) {
      gradient.set(i, gradient.get(i) / scale);
    }
  }

  @Override
  public void close() {
    weights.close();
    normalizer.close();
    rate.close();
    count.close();
  }

  /** What a step found before it changed the parameters; valid until the next step. */
  public static final class Result {
    private final Fetches fetches;
    private final List<ParameterSpec> trained;
    private final boolean skipped;

    private Result(Fetches fetches, List<ParameterSpec> trained, boolean skipped) {
      this.fetches = fetches;
      this.trained = trained;
      this.skipped = skipped;
    }

    /** Returns the mean loss of the batch, auxiliary outputs included. */
    public double loss() {
      return fetches.scalar(Names.LOSS);
    }

    /** Returns whether the step was not applied, for with its loss scale a gradient overflowed. */
    public boolean skipped() {
      return skipped;
    }

    /**
     * Returns this result.
     *
     * @throws EngineException NON_FINITE if the loss or a gradient is not finite and no smaller
     *     loss scale is left to try
     */
    public Result requireFinite() {
      if (!skipped && fetches.scalar(Names.FINITE) == 0) {
        throw EngineException.nonFinite(
            "the loss or a gradient is not finite; nothing of this step was applied; a lower --lr"
                + " may help");
      }
      return this;
    }

    /** Returns the gradients by the names of their parameters, in order. */
    public Map<String, HostTensor> gradients() {
      Map<String, HostTensor> gradients = new LinkedHashMap<>();
      for (ParameterSpec parameter : trained) {
        gradients.put(parameter.name(), fetches.get(Names.gradient(parameter.name())));
      }
      return gradients;
    }

    /**
     * Writes the gradients to a safetensors file, under the names and in the shapes that the
     * parameters have in files.
     *
     * @throws EngineException USER if nothing can be written there; RESOURCE if the disk is full
     */
    public void writeGradients(Path path) {
      List<SafetensorsWriter.Entry> entries =
          trained.stream()
              .map(
                  parameter ->
                      new SafetensorsWriter.Entry(
                          parameter.name(),
                          parameter.fileShape(),
                          fetches.get(Names.gradient(parameter.name()))))
              .toList();
      SafetensorsWriter.write(path, entries, Map.of("format", "pt"));
    }
  }
}
