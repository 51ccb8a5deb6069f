package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkBuilder.Tap;
import io.ventral.network.NetworkRequest;
import io.ventral.run.Compiler;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Pending;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Training of a small network with a residual block, joined branches, both normalisations, an
 * auxiliary loss and dropout, on made-up images; large enough that a team shares its loops.
 */
final class ResidualTraining implements AutoCloseable {
  private static final int BATCH = 16;
  private static final int CLASSES = 10;

  private final List<HostTensor> tensors = new ArrayList<>();
  private final List<Device> devices;
  private final DType dtype;
  private final Executable executable;
  private final Session session;
  private final Feeds feeds;
  private final HostTensor step;
  private HostTensor images;

  /**
   * Begins training in FLOAT32 from seed 0; closing it closes the devices too.
   *
   * @param statisticsGroups of batch normalisation, as many as devices or more
   * @param channels of the residual block
   */
  ResidualTraining(List<Device> devices, Optimizer optimizer, int statisticsGroups, int channels) {
    this(
        devices,
        Precision.uniform(DType.FLOAT32),
        channels,
        new TrainingProgram.Options(
            lowering(DType.FLOAT32, statisticsGroups), optimizer, 0.1, Optional.empty(), false));
  }

  /** Begins training from seed 0 in a format, in which the options are too. */
  ResidualTraining(
      List<Device> devices, Precision precision, int channels, TrainingProgram.Options options) {
    this.devices = devices;
    dtype = precision.stored();
    TrainingProgram program = TrainingProgram.build(network(channels), BATCH, options);
    executable = new Compiler(devices, precision).compile(program.graph());
    session = Session.open(devices, List.of(executable));
    Initialization.initialize(session, program.parameters(), 0);
    step = kept(HostTensor.scalar(DType.INT64, 0));
    feeds = feeds();
  }

  static LoweringOptions lowering(DType dtype, int statisticsGroups) {
    return new LoweringOptions(dtype, true, true, statisticsGroups, 0);
  }

  private static Network network(int channels) {
    NetworkBuilder n = new NetworkBuilder("residual", new NetworkRequest(3, 24, 24, CLASSES));
    Tap x = n.relu(n.conv("conv1", n.input(), channels, Window2d.square(3, 1, 1)));
    x = n.lrn(x, 5, 1e-4, 0.75, 2);
    Tap branch = normalised(n, "2", n.relu(normalised(n, "1", x, channels)), channels);
    x = n.relu(n.add(x, branch));
    n.auxiliary(n.linear("side", n.adaptiveAvgPool(x, 2, 2), CLASSES), 0.3);
    x = n.concat(x, n.maxPool(x, Window2d.square(3, 1, 1), Rounding.FLOOR));
    x = n.dropout(n.maxPool(x, Window2d.square(2, 2, 0), Rounding.CEIL), 0.5);
    return n.build(n.linear("classes", n.relu(n.linear("hidden", n.flatten(x), 64)), CLASSES));
  }

  private static Tap normalised(NetworkBuilder n, String number, Tap x, int channels) {
    Tap y = n.convWithoutBias("block" + number, x, channels, Window2d.square(3, 1, 1));
    return n.batchNorm("block_norm" + number, y, 1e-5, 0.1);
  }

  private Feeds feeds() {
    images = kept(HostTensor.zeros(TensorType.of(dtype, BATCH, 3, 24, 24)));
    images.setRowMajor(i -> Math.sin(0.37 * i) * Math.cos(0.11 * i));
    HostTensor labels = kept(HostTensor.zeros(TensorType.of(DType.INT64, BATCH)));
    labels.setRowMajor(i -> i % CLASSES);
    HostTensor weights = kept(HostTensor.zeros(TensorType.of(dtype, BATCH)));
    weights.setRowMajor(i -> 1);
    return new Feeds()
        .with(Names.INPUT, images)
        .with(Names.LABELS, labels)
        .with(Names.WEIGHTS, weights)
        .with(Names.NORMALIZER, kept(HostTensor.scalar(dtype, 1.0 / BATCH)))
        .with(Names.RATE, kept(HostTensor.scalar(dtype, 0.001)))
        .with(Names.STEP, step);
  }

  private HostTensor kept(HostTensor tensor) {
    tensors.add(tensor);
    return tensor;
  }

  /** Makes step number {@code number} and returns its outputs. */
  Fetches step(long number) {
    step.set(0, (double) number);
    return session.run(executable, feeds);
  }

  /** Launches step number {@code number} and returns its outputs to come. */
  Pending launch(long number) {
    step.set(0, (double) number);
    return session.launch(executable, feeds);
  }

  /** Returns the images that every step sees, to be changed. */
  HostTensor images() {
    return images;
  }

  Session session() {
    return session;
  }

  Executable executable() {
    return executable;
  }

  List<Device> devices() {
    return devices;
  }

  @Override
  public void close() {
    session.close();
    tensors.forEach(HostTensor::close);
  }
}
