package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.network.GoldenFill;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.ParameterSpec;
import io.ventral.place.Mesh;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A network on given tensors: results of layers, losses, gradients; no data set, no preprocessing,
 * no dropout. Parameters are undefined until {@link #fill} or {@link #load}.
 */
public final class TensorRun implements AutoCloseable {
  /**
   * What a network is to give.
   *
   * @param batchStatistics whether the forward pass normalises as in training, by the statistics of
   *     each device's share of the batch; steps of training always do
   * @param layers whose results the forward pass gives, each once
   * @param training how steps are made, if any
   */
  public record Options(
      Mesh mesh,
      Precision precision,
      DeviceOptions devices,
      boolean batchStatistics,
      List<String> layers,
      Optional<Optimizer> training) {
    LoweringOptions lowering(boolean normaliseByBatch) {
      return new LoweringOptions(precision.stored(), normaliseByBatch, false, mesh.size(), 0);
    }

    TrainingProgram.Options steps(Optimizer optimizer) {
      return new TrainingProgram.Options(
          lowering(true), optimizer, 0, LossScaling.of(precision), true);
    }
  }

  private final Executable forward;
  private final Optional<TensorSteps> steps;
  private final List<ParameterSpec> parameters;
  private final Session session;

  private TensorRun(Network network, int batch, Options options, List<Device> devices) {
    Compiler compiler = new Compiler(devices, options.precision());
    ForwardProgram program =
        ForwardProgram.build(
            network, batch, options.lowering(options.batchStatistics()), options.layers());
    parameters = program.parameters();
    forward = compiler.compile(program.graph());
    steps =
        options
            .training()
            .map(optimizer -> new TensorSteps(network, batch, options.steps(optimizer), compiler));
    List<Executable> programs = new ArrayList<>(List.of(forward));
    steps.map(TensorSteps::executable).ifPresent(programs::add);
    session = Session.open(devices, programs);
  }

  /**
   * Returns the network, compiled for {@code batch} samples on all devices together.
   *
   * @throws io.ventral.error.EngineException what opening devices, building or allocating can give
   */
  public static TensorRun open(Network network, int batch, Options options) {
    List<Device> devices = Devices.open(options.mesh(), options.devices());
    try {
      return new TensorRun(network, batch, options, devices);
    } catch (RuntimeException e) {
      devices.forEach(Device::close);
      throw e;
    }
  }

  /** Sets all parameters by formula. */
  public void fill(GoldenFill fill) {
    fill(fill::tensor);
  }

  /** Sets all parameters to new tensors of the format asked for. */
  public void fill(BiFunction<ParameterSpec, DType, HostTensor> values) {
    Initialization.clear(session);
    for (ParameterSpec parameter : parameters) {
      DType dtype = session.states().get(parameter.name()).dtype();
      try (HostTensor tensor = values.apply(parameter, dtype)) {
        session.write(parameter.name(), tensor);
      }
    }
  }

  /**
   * Sets all parameters from a file.
   *
   * @throws io.ventral.error.EngineException DATA if they are another network's
   */
  public void load(Checkpoint weights) {
    Initialization.clear(session);
    weights.loadParameters(session, parameters);
  }

  /** Returns the results of the layers asked for, under their names. */
  public Fetches forward(HostTensor images) {
    return session.run(forward, new Feeds().with(Names.INPUT, images));
  }

  /**
   * Makes one step of training and returns what it found before it changed the parameters.
   *
   * @param labels i64[N]
   */
  public TensorSteps.Result step(HostTensor images, HostTensor labels, double rate) {
    return steps.orElseThrow().run(session, images, labels, rate);
  }

  @Override
  public void close() {
    session.close();
    steps.ifPresent(TensorSteps::close);
  }
}
