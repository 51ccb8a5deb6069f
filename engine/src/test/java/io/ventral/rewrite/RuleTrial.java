package io.ventral.rewrite;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.op.BiasAdd;
import io.ventral.op.Conv2d;
import io.ventral.op.Value;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Map;

/** A graph in the making that rules are tried on, with what several tests build, and see of it. */
final class RuleTrial {
  private final GraphBuilder builder;

  RuleTrial(GraphBuilder builder) {
    this.builder = builder;
  }

  /** Returns x convolved 3×3 to its own shape, with a bias behind; filter and bias are inputs. */
  Value biased(Value x) {
    return biased(x, Window2d.square(3, 1, 1), x.type().extent(1));
  }

  /** Returns x convolved, with a bias behind that is in FLOAT32 if x has 16 bits. */
  Value biased(Value x, Window2d window, int filters) {
    int n = builder.nodes().size();
    TensorType type = x.type();
    int height = window.vertical().kernel();
    int width = window.horizontal().kernel();
    Value filter =
        builder.input(
            "filter" + n, TensorType.of(type.dtype(), filters, type.extent(1), height, width));
    Value bias = builder.input("bias" + n, TensorType.of(type.dtype().accumulator(), filters));
    return builder.emit(new BiasAdd(), builder.emit(new Conv2d(window, 1), x, filter), bias);
  }

  /** Gives out y and, for a gradient of it that is an input, that of x. */
  void differentiate(Value y, Value x) {
    Value dy = builder.input("dy", y.type());
    List<Value> gradients = Differentiator.differentiate(builder, Map.of(y, dy), List.of(x));
    builder.output("dx", gradients.getFirst());
    builder.output("y", y);
  }

  /** Returns the kinds of the nodes that {@code rule} leaves, without those it made useless. */
  List<String> after(Rule rule) {
    return kinds(new DropDeadNodes().apply(rule.apply(builder.build())));
  }

  /** Returns the kinds of the nodes that all rules together leave for {@code devices}. */
  List<String> afterAll(List<DeviceTraits> devices) {
    return kinds(Rewrites.apply(builder.build(), devices));
  }

  /** Returns the kinds of the nodes, in order. */
  static List<String> kinds(Graph graph) {
    return graph.nodes().stream().map(node -> node.op().getClass().getSimpleName()).toList();
  }
}
