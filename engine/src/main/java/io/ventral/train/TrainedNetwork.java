package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.data.Preprocessing;
import io.ventral.network.Network;
import io.ventral.run.Compiler;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.Session;
import io.ventral.tensor.Precision;
import java.util.List;

/** A network with its weights on open devices, ready to look at images but not to learn. */
public final class TrainedNetwork implements AutoCloseable {
  private final Session session;
  private final Executable executable;

  private TrainedNetwork(EvaluationProgram program, Precision precision, List<Device> devices) {
    executable = new Compiler(devices, precision).compile(program.graph());
    session = Session.open(devices, List.of(executable));
  }

  /**
   * Returns {@code network} with the weights in {@code weights}.
   *
   * @param images how bytes become the network's input
   * @param batch images a run on all devices together
   * @throws io.ventral.error.EngineException DATA if the weights are another network's, and what
   *     opening devices, compiling and allocating can give
   */
  public static TrainedNetwork open(
      Network network,
      Checkpoint weights,
      Preprocessing images,
      TrainingJob.Machine machine,
      int batch) {
    EvaluationProgram program =
        EvaluationProgram.build(
            network, batch, ImageInput.of(images), machine.precision().stored());
    TrainedNetwork trained =
        open(program, machine.precision(), Devices.open(machine.mesh(), machine.devices()));
    try {
      weights.loadParameters(trained.session, program.parameters());
      return trained;
    } catch (RuntimeException e) {
      trained.close();
      throw e;
    }
  }

  private static TrainedNetwork open(
      EvaluationProgram program, Precision precision, List<Device> devices) {
    try {
      return new TrainedNetwork(program, precision, devices);
    } catch (RuntimeException e) {
      devices.forEach(Device::close);
      throw e;
    }
  }

  public Evaluator evaluator() {
    return new Evaluator(session, executable);
  }

  @Override
  public void close() {
    session.close();
  }
}
