package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter.Replacement;
import io.ventral.graph.GraphRewriter.Rewritten;
import io.ventral.graph.Node;
import io.ventral.op.Cast;
import io.ventral.op.Emitter;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@link MixedPrecision} makes of one node after the other. */
final class Narrowing implements Replacement {
  private final DType narrow;

  /** Values of the plain graph whose format is promised. */
  private final Set<Value> promised = new HashSet<>();

  /** What kernels saved while they computed in 16 bits. */
  private final Set<Value> saved = new HashSet<>();

  private final Map<Target, Value> casts = new HashMap<>();

  /** For a value that was cast from 16 bits, the value that it was cast from. */
  private final Map<Value, Value> widened = new HashMap<>();

  /** A value in another format. */
  private record Target(Value value, DType dtype) {}

  Narrowing(Graph graph, DType narrow) {
    this.narrow = narrow;
    graph.outputs().forEach(output -> promised.add(output.value()));
    graph.states().forEach(state -> promised.add(state.last()));
  }

  @Override
  public Optional<List<Value>> replace(Node node, List<Value> inputs, Rewritten emitter) {
    boolean narrowed = isNarrowed(node.op(), inputs);
    List<Value> operands = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      DType plain = node.inputs().get(i).type().dtype();
      DType wanted = narrowed ? formatOf(node.op(), i) : plain;
      operands.add(plain.isFloating() ? cast(inputs.get(i), wanted, emitter) : inputs.get(i));
    }
    List<Value> results = new ArrayList<>();
    List<Value> outputs = emitter.emit(node.op(), operands);
    for (int i = 0; i < outputs.size(); i++) {
      results.add(result(node.outputs().get(i), outputs.get(i), narrowed, emitter));
    }
    return Optional.of(results);
  }

  private boolean isNarrowed(Op op, List<Value> inputs) {
    return switch (Arithmetic.of(op)) {
      case NARROW -> true;
      case INHERITED -> inputs.stream().anyMatch(this::isNarrow);
      case WIDE -> false;
    };
  }

  /** Returns whether {@code value} has 16 bits or fits in them, or was saved by who uses them. */
  private boolean isNarrow(Value value) {
    return value.type().dtype() == narrow || widened.containsKey(value) || saved.contains(value);
  }

  private DType formatOf(Op op, int input) {
    return op.isPerChannel(input) ? narrow.accumulator() : narrow;
  }

  private Value result(Value plain, Value output, boolean narrowed, Emitter emitter) {
    if (plain.type().dtype() == DType.OPAQUE) {
      if (narrowed) {
        saved.add(output);
      }
      return output;
    }
    return promised.contains(plain) ? cast(output, plain.type().dtype(), emitter) : output;
  }

  private Value cast(Value value, DType dtype, Emitter emitter) {
    if (value.type().dtype() == dtype) {
      return value;
    }
    if (dtype == narrow && widened.containsKey(value)) {
      return widened.get(value);
    }
    Value result =
        casts.computeIfAbsent(
            new Target(value, dtype), target -> emitter.emit(new Cast(dtype), value));
    if (value.type().dtype() == narrow) {
      widened.put(result, value);
    }
    return result;
  }
}
