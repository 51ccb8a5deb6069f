package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.place.Mesh;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.train.Optimizer;
import io.ventral.train.TensorRun;
import io.ventral.train.TensorSteps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Runs a network on raw tensors: results of layers, losses, gradients. */
@Command(
    name = "run",
    description =
        "Runs a network on raw tensors, without preprocessing. On reference everything is float64,"
            + " on cpu float32, files included.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = "%nExample: ventral run lenet5 --fill golden --input X.npy --output Y.npy")
final class RunCommand implements Runnable {
  @Parameters(
      paramLabel = "MODEL",
      description =
          "A built-in network (ventral models), a definition MyNet.java, a network .json.")
  String model;

  @Mixin final RunFlags flags = new RunFlags();
  @Mixin final DeviceFlags device = new DeviceFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Of the losses: text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Override
  public void run() {
    Optional<Optimizer> optimizer = flags.learning.optimizer();
    if (optimizer.isEmpty() && flags.outputs.isEmpty()) {
      throw EngineException.user("nothing to do: give --output Y.npy or --labels L.npy");
    }
    ModelSource source = ModelSource.of(model);
    Mesh mesh = device.devices(say.messages()).mesh();
    Precision precision = device.precision(mesh, say.messages());
    try (InitialValues values =
            InitialValues.of(Optional.ofNullable(flags.weights), Optional.ofNullable(flags.fill));
        HostTensor images = TensorInputs.images(flags.inputs(), precision.stored())) {
      Network network = source.network(request(images.type(), values, source));
      LayerOutputs outputs = LayerOutputs.of(flags.outputs(), network);
      TensorRun.Options options =
          new TensorRun.Options(
              mesh, precision, device.options(), flags.train, outputs.layers(), optimizer);
      run(network, images, outputs, options, values);
    }
  }

  private NetworkRequest request(TensorType images, InitialValues values, ModelSource source) {
    int classes =
        Optional.ofNullable(flags.classes)
            .or(() -> values.classes(source))
            .orElse(source.defaults().classes());
    return new NetworkRequest(images.extent(1), images.extent(2), images.extent(3), classes);
  }

  private void run(
      Network network,
      HostTensor images,
      LayerOutputs outputs,
      TensorRun.Options options,
      InitialValues values) {
    Optional<HostTensor> labels =
        options
            .training()
            .map(optimizer -> labels(images.type().extent(0), network.request().classes()));
    try (TensorRun run = TensorRun.open(network, images.type().extent(0), options)) {
      values.apply(run);
      if (!outputs.targets().isEmpty()) {
        outputs.write(run.forward(images));
      }
      labels.ifPresent(given -> train(run, images, given));
    } finally {
      labels.ifPresent(HostTensor::close);
    }
  }

  private HostTensor labels(int images, int classes) {
    return TensorInputs.labels(flags.learning.labels, images, classes);
  }

  private void train(TensorRun run, HostTensor images, HostTensor labels) {
    boolean wanted = flags.learning.gradients != null;
    for (int step = 1; step <= flags.learning.steps(); step++) {
      TensorSteps.Result result = run.step(images, labels, flags.learning.rate());
      print(step, result.loss());
      if (wanted && !result.skipped()) {
        result.writeGradients(flags.learning.gradients);
        wanted = false;
      }
      result.requireFinite();
    }
  }

  private void print(int step, double loss) {
    switch (format) {
      case TEXT -> System.out.println("step " + step + " loss " + loss);
      case JSON -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", step);
        fields.put("loss", loss);
        System.out.println(JsonMapper.builder().build().writeValueAsString(fields));
      }
      case CSV -> System.out.println((step == 1 ? "step,loss\n" : "") + step + "," + loss);
    }
  }
}
