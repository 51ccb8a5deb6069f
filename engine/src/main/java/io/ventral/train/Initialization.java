package io.ventral.train;

import io.ventral.network.ParameterSpec;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import java.util.List;

/**
 * The first values of all states: parameters by their initialisers, the loss scale as {@link
 * LossScaling} says, everything else zero but the flag that all is well.
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

  /**
   * Sets every state of {@code session} to zero, but for the loss scale, which is where it begins,
   * and the flag that all is well.
   */
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
    trust(session);
  }

  /** Sets the flag that all steps so far were finite, where {@code session} has it. */
  static void trust(Session session) {
    if (session.states().containsKey(Names.SOUND)) {
      try (HostTensor yes = HostTensor.scalar(DType.INT32, 1)) {
        session.write(Names.SOUND, yes);
      }
    }
  }

  private static HostTensor initial(ParameterSpec parameter, TensorType type, Philox random) {
    HostTensor tensor = HostTensor.zeros(type);
    int purpose = Philox.purpose("initialize:" + parameter.name());
    tensor.setRowMajor(
        element -> parameter.initializer().value(random, purpose, parameter.shape(), element));
    return tensor;
  }
}
