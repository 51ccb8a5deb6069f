package io.ventral.train;

import io.ventral.error.EngineException;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import java.util.Optional;

/** Finds the first result of a step that is not finite. */
final class NonFiniteSearch implements Session.Observer {
  private Optional<String> found = Optional.empty();

  @Override
  public void observe(Node node, Value value, HostTensor result) {
    if (found.isEmpty() && value.type().dtype().isFloating()) {
      for (long i = 0; i < result.type().elements(); i++) {
        if (!Double.isFinite(result.get(i))) {
          found =
              Optional.of(
                  "%s (%s) gives %s in %s"
                      .formatted(node.name(), node.op().label(), result.get(i), value.type()));
          return;
        }
      }
    }
  }

  /** Returns the error for a step of an epoch, both counted from 1. */
  EngineException error(int epoch, int step) {
    return EngineException.nonFinite(
        "training became non-finite at epoch %d step %d: first, %s; nothing of this step was applied; a lower --lr may help"
            .formatted(
                epoch, step, found.orElse("no layer (the numbers were finite when repeated)")));
  }
}
