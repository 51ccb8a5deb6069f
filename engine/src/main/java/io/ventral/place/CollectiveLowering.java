package io.ventral.place;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AllReduce;
import io.ventral.op.Copy;
import io.ventral.op.Emitter;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns every {@link AllReduce} into copies and additions: the parts are added on the first device
 * in their order, and the sum is copied to the others. The order is fixed, so the sum is too.
 */
public final class CollectiveLowering {
  private CollectiveLowering() {}

  /** Returns {@code graph} without collectives. */
  public static Graph lower(Graph graph) {
    return GraphRewriter.rewrite(graph, CollectiveLowering::lower);
  }

  private static Optional<List<Value>> lower(Node node, List<Value> inputs, Emitter emitter) {
    return node.op() instanceof AllReduce reduce
        ? Optional.of(deliver(reduce, sum(reduce, inputs, emitter), emitter))
        : Optional.empty();
  }

  private static Value sum(AllReduce reduce, List<Value> parts, Emitter emitter) {
    int root = reduce.devices().getFirst();
    Value sum = on(root, parts.getFirst(), emitter);
    for (Value part : parts.subList(1, parts.size())) {
      sum = emitter.emit(new Add(), sum, on(root, part, emitter));
    }
    return sum;
  }

  private static List<Value> deliver(AllReduce reduce, Value sum, Emitter emitter) {
    List<Value> delivered = new ArrayList<>();
    for (int device : reduce.devices()) {
      delivered.add(on(device, sum, emitter));
    }
    return delivered;
  }

  private static Value on(int device, Value value, Emitter emitter) {
    return value.device() == device ? value : emitter.emit(new Copy(device), value);
  }
}
