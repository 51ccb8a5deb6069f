package io.ventral.train;

import io.ventral.network.ParameterSpec;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * The first values of all states: parameters by their initialisers, the loss scale as {@link
 * LossScaling} says, everything else zero.
 */
public final class Initialization {
  private Initialization() {}

  /** Sets every state of {@code session}; the seed determines every number. */
  public static void initialize(Session session, List<ParameterSpec> parameters, long seed) {
    clear(session);
    Philox random = new Philox(seed);
    for (ParameterSpec parameter : parameters) {
      TensorType type = session.states().get(parameter.name());
      try (HostTensor tensor = initial(parameter, type, random)) {
        session.write(parameter.name(), tensor);
      }
    }
  }

  /** Sets every state of {@code session} to zero, and the loss scale to where it begins. */
  public static void clear(Session session) {
    session
        .states()
        .forEach(
            (name, type) -> {
              try (HostTensor tensor = HostTensor.zeros(type)) {
                if (name.equals(Names.LOSS_SCALE)) {
                  tensor.set(0, LossScaling.INITIAL);
                }
                session.write(name, tensor);
              }
            });
  }

  private static HostTensor initial(ParameterSpec parameter, TensorType type, Philox random) {
    HostTensor tensor = HostTensor.zeros(type);
    int purpose = Philox.purpose("initialize:" + parameter.name());
    tensor.setRowMajor(
        element -> parameter.initializer().value(random, purpose, parameter.shape(), element));
    return tensor;
  }
}
