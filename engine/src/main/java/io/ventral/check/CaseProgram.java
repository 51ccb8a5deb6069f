package io.ventral.check;

import io.ventral.autodiff.Differentiator;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A case as a program: first its operation, then the nodes that compute the gradients of its
 * differentiable inputs from a random cotangent of the first output, the one that has a gradient.
 *
 * @param inputs the operands, and behind them the cotangent if there is one
 */
record CaseProgram(OpCase opCase, List<Value> inputs, List<Node> nodes) {
  private static final Fill COTANGENT = new Fill.Uniform(-1, 1);

  CaseProgram {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
  }

  static CaseProgram of(OpCase opCase) {
    GraphBuilder builder = new GraphBuilder(opCase.name()).at(opCase.name());
    List<Value> inputs = new ArrayList<>();
    opCase.inputTypes().forEach(type -> inputs.add(builder.input("x" + inputs.size(), type)));
    Value y = builder.emit(opCase.op(), List.copyOf(inputs)).getFirst();
    List<Value> wanted =
        IntStream.range(0, inputs.size())
            .filter(i -> opCase.inputs().get(i).differentiable())
            .mapToObj(inputs::get)
            .toList();
    if (!wanted.isEmpty()) {
      Value dy = builder.input("dy", y.type());
      inputs.add(dy);
      Differentiator.differentiate(builder, Map.of(y, dy), wanted);
    }
    return new CaseProgram(opCase, inputs, builder.nodes());
  }

  /** Returns a new tensor for each input, rounded to its format. */
  Map<Value, HostTensor> tensors() {
    List<Operand> operands = new ArrayList<>(opCase.inputs());
    if (inputs.size() > operands.size()) {
      operands.add(new Operand(inputs.getLast().type(), COTANGENT, false));
    }
    OpCase withCotangent = new OpCase(opCase.name(), opCase.op(), operands);
    Map<Value, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      tensors.put(inputs.get(i), withCotangent.tensor(i));
    }
    return tensors;
  }
}
