package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.ParameterSpec;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Pending;
import io.ventral.run.Session;
import io.ventral.run.StepTimings;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Times steps of a network on made-up images, fed and read as in training: the next step is
 * launched before the results of the last are read, and what is uploaded counts as far as it is not
 * done meanwhile.
 */
public final class Benchmark {
  private static final int WARM_UP = 3;
  private static final double NANOS = 1e9;

  private Benchmark() {}

  /**
   * What is timed.
   *
   * @param batch samples on each device
   * @param layers whether each node is timed too
   */
  public record Options(
      Mesh mesh,
      Precision precision,
      DeviceOptions devices,
      int batch,
      boolean training,
      int steps,
      boolean layers) {}

  /**
   * What was found.
   *
   * @param stepSeconds of every step timed, sorted
   * @param peakBytes memory of the session on the first device
   */
  public record Result(double[] stepSeconds, long peakBytes, Optional<StepTimings> layers) {
    public double median() {
      return stepSeconds[stepSeconds.length / 2];
    }

    public double minimum() {
      return stepSeconds[0];
    }
  }

  /** Returns the times of {@code options.steps} steps after a warm-up. */
  public static Result run(Network network, Options options) {
    List<Device> devices = Devices.open(options.mesh(), options.devices());
    int batch = options.batch() * devices.size();
    Executable executable;
    List<ParameterSpec> parameters;
    Compiler compiler = new Compiler(devices, options.precision());
    ImageInput images = ImageInput.plain(network);
    if (options.training()) {
      TrainingProgram program = TrainingProgram.build(network, batch, images, training(options));
      executable = compiler.compile(program.graph());
      parameters = program.parameters();
    } else {
      EvaluationProgram program =
          EvaluationProgram.build(network, batch, images, options.precision().stored());
      executable = compiler.compile(program.graph());
      parameters = program.parameters();
    }
    try (Session session = Session.open(devices, List.of(executable))) {
      Initialization.initialize(session, parameters, 0);
      return time(
          session, executable, feeds(network, batch, options.precision().stored()), options);
    }
  }

  private static TrainingProgram.Options training(Options options) {
    return new TrainingProgram.Options(
        new LoweringOptions(options.precision().stored(), true, true, options.mesh().size(), 0),
        new Optimizer.Sgd(0.9, false, 1e-4),
        0,
        LossScaling.of(options.precision()),
        false);
  }

  private static Result time(Session session, Executable executable, Feeds feeds, Options options) {
    double[] seconds = new double[options.steps()];
    Pending last = session.launch(executable, feeds);
    long begin = System.nanoTime();
    for (int step = -WARM_UP; step < seconds.length; step++) {
      Pending next = session.launch(executable, feeds);
      last.await();
      long end = System.nanoTime();
      if (step >= 0) {
        seconds[step] = (end - begin) / NANOS;
      }
      begin = end;
      last = next;
    }
    last.await();
    Arrays.sort(seconds);
    Optional<StepTimings> layers =
        options.layers()
            ? Optional.of(session.time(executable, feeds, options.steps()))
            : Optional.empty();
    return new Result(seconds, session.allocatedBytes(0), layers);
  }

  private static Feeds feeds(Network network, int batch, DType dtype) {
    var size = network.request();
    HostTensor images =
        HostTensor.zeros(
            TensorType.of(DType.UINT8, batch, size.channels(), size.height(), size.width()));
    Philox random = new Philox(0);
    for (long i = 0; i < images.type().elements(); i++) {
      images.set(i, random.below(256, 0, 0, i));
    }
    HostTensor labels = HostTensor.zeros(TensorType.of(DType.INT64, batch));
    HostTensor weights = HostTensor.zeros(TensorType.of(dtype, batch));
    for (int i = 0; i < batch; i++) {
      labels.set(i, i % size.classes());
      weights.set(i, 1);
    }
    return new Feeds()
        .with(Names.INPUT, images)
        .with(Names.LABELS, labels)
        .with(Names.WEIGHTS, weights)
        .with(Names.NORMALIZER, HostTensor.scalar(dtype, 1.0 / batch))
        // Small enough that the numbers stay ordinary however often the step is repeated.
        .with(Names.RATE, HostTensor.scalar(dtype, 1e-6))
        .with(Names.STEP, HostTensor.scalar(DType.INT64, 0));
  }
}
