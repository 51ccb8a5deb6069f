package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.graph.Traffic;
import io.ventral.network.LayerSummary;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.place.Mesh;
import io.ventral.rewrite.MixedPrecision;
import io.ventral.run.Compiler;
import io.ventral.run.DeviceOptions;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.MemoryUse;
import io.ventral.tensor.Precision;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What a network consists of and costs, found without taking any memory for it.
 *
 * @param layers for the batch of one device
 * @param memory of each device, in the order of the mesh
 * @param traffic of the first device in a step, by operation
 */
public record NetworkDescription(
    List<LayerSummary> layers, List<MemoryUse> memory, List<Traffic> traffic) {
  public NetworkDescription {
    layers = List.copyOf(layers);
    memory = List.copyOf(memory);
    traffic = List.copyOf(traffic);
  }

  /**
   * What is to be described.
   *
   * @param batch samples on each device
   * @param training whether the memory is that of training, by momentum, or of evaluation
   */
  public record Options(
      Mesh mesh, Precision precision, DeviceOptions devices, int batch, boolean training) {}

  /**
   * Returns the description of {@code network}.
   *
   * @throws io.ventral.error.EngineException USER if a layer does not fit its inputs; UNSUPPORTED
   *     or DEVICE if the devices cannot run it; RESOURCE if sizes go beyond what can be counted
   */
  public static NetworkDescription of(Network network, Options options) {
    List<Device> devices = Devices.open(options.mesh(), options.devices());
    try {
      List<LayerSummary> layers =
          LayerSummary.of(
              network,
              options.batch(),
              options.precision().stored(),
              formats(options.precision()),
              devices.getFirst()::bytes);
      Executable program =
          new Compiler(devices, options.precision()).compile(graph(network, options));
      List<MemoryUse> memory =
          IntStream.range(0, devices.size())
              .mapToObj(index -> MemoryUse.of(devices.get(index), index, List.of(program)))
              .toList();
      List<Node> step =
          program
              .graph()
              .nodes()
              .subList(program.plan().prologue(), program.graph().nodes().size());
      return new NetworkDescription(layers, memory, Traffic.of(step, 0));
    } catch (ArithmeticException e) {
      throw new EngineException(
          ErrorKind.RESOURCE,
          network.name() + ": at this size and batch a value has more elements than can be counted",
          e);
    } finally {
      devices.forEach(Device::close);
    }
  }

  private static UnaryOperator<Graph> formats(Precision precision) {
    return precision.isMixed()
        ? new MixedPrecision(precision.computed())::apply
        : UnaryOperator.identity();
  }

  private static Graph graph(Network network, Options options) {
    int devices = options.mesh().size();
    int batch = Math.multiplyExact(options.batch(), devices);
    ImageInput images = ImageInput.plain(network);
    if (!options.training()) {
      return EvaluationProgram.build(network, batch, images, options.precision().stored()).graph();
    }
    LoweringOptions lowering =
        new LoweringOptions(options.precision().stored(), true, true, devices, 0);
    Optimizer momentum = new Optimizer.Sgd(0.9, false, 0);
    return TrainingProgram.build(
            network,
            batch,
            images,
            new TrainingProgram.Options(
                lowering, momentum, 0, LossScaling.of(options.precision()), false))
        .graph();
  }

  /** Returns the trained numbers of all layers. */
  public long parameters() {
    return layers.stream().mapToLong(LayerSummary::parameters).sum();
  }

  /** Returns the bytes that the first device has to move in a step. */
  public long trafficBytes() {
    return traffic.stream().mapToLong(Traffic::bytes).sum();
  }

  /** Returns the multiply-adds of a forward pass over the batch of one device. */
  public long macs() {
    return layers.stream().mapToLong(LayerSummary::macs).sum();
  }

  /** Returns the bytes of the outputs of all layers, were they kept at once. */
  public long activationBytes() {
    return layers.stream().mapToLong(LayerSummary::activationBytes).sum();
  }
}
