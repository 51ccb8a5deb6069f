package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Region;
import io.ventral.check.DeviceProgram.Outcome;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The step of an optimizer against the reference, piece by piece: what becomes of an element
 * depends on its own numbers alone, so the reference holds a piece of one parameter at a time,
 * however many there are. By the same token {@link Sensitivity} takes one run for each kind of
 * input, in which all its elements move at once.
 *
 * @param dtype the format of the program's operands
 * @param pieceElements the elements of a piece at most
 */
record UpdateParity(
    Device reference, DType dtype, DeviceProgram actual, Node node, int pieceElements) {
  /** A run of elements of one parameter. */
  private record Piece(int parameter, int first, int count) {}

  /** Returns the comparisons of every output, piece by piece. */
  List<Comparison> compare(List<Outcome> outcomes) {
    List<Comparison> comparisons = new ArrayList<>();
    List<Value> parameters = step().parameters(node.inputs());
    for (int k = 0; k < parameters.size(); k++) {
      int elements = Math.toIntExact(parameters.get(k).type().elements());
      for (int first = 0; first < elements; first += pieceElements) {
        Piece piece = new Piece(k, first, Math.min(pieceElements, elements - first));
        comparisons.addAll(compare(piece, outcomes));
      }
    }
    return comparisons;
  }

  private OptimizerStep step() {
    return (OptimizerStep) node.op();
  }

  private List<Comparison> compare(Piece piece, List<Outcome> outcomes) {
    GraphBuilder builder = new GraphBuilder("update").at(node.name());
    List<Value> inputs = new ArrayList<>();
    for (Value whole : inputs(piece)) {
      inputs.add(builder.input("x" + inputs.size(), type(whole, piece)));
    }
    builder.emit(forOne(step(), step().segments().get(piece.parameter())), inputs);
    Node part = builder.nodes().getFirst();
    try (ReferenceProgram run = new ReferenceProgram(reference, List.of(part))) {
      for (int i = 0; i < inputs.size(); i++) {
        run.write(inputs.get(i), read(actual.region(inputs(piece).get(i)), piece));
      }
      return compare(piece, part, run, outcomes);
    }
  }

  private List<Comparison> compare(
      Piece piece, Node part, ReferenceProgram run, List<Outcome> outcomes) {
    List<Sensitivity> sensitivities = sensitivities(part, run);
    List<Value> outputs = outputs(piece);
    List<Comparison> comparisons = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      for (int i = 0; i < outputs.size() && !outcome.results().isEmpty(); i++) {
        double[] exact = run.read(part.outputs().get(i));
        double[] computed = read(outcome.results().get(outputs.get(i)), piece);
        String what = outcome.what(node.outputs().indexOf(outputs.get(i)));
        String where = piece.first() == 0 ? what : what + " behind element " + (piece.first() - 1);
        DType format = outputs.get(i).type().dtype();
        comparisons.add(
            format.isFloating()
                ? Comparison.of(
                    where,
                    format,
                    exact,
                    computed,
                    Tolerance.of(format, dtype, sensitivities.get(i)))
                : Comparison.exact(where, exact, computed));
      }
    }
    return comparisons;
  }

  /** Returns one for each output of {@code part}, which has run then on inputs as they were. */
  private static List<Sensitivity> sensitivities(Node part, ReferenceProgram run) {
    run.run(0);
    List<double[]> exact = part.outputs().stream().map(run::read).toList();
    List<Sensitivity> found = exact.stream().map(Sensitivity::blank).toList();
    for (Value input : part.inputs()) {
      if (input.type().dtype().isFloating()) {
        double[] kept = run.read(input);
        run.write(input, Arrays.stream(kept).map(x -> x * (1 + Sensitivity.STEP)).toArray());
        run.run(0);
        for (int k = 0; k < exact.size(); k++) {
          double[] moved = run.read(part.outputs().get(k));
          found.get(k).add(exact.get(k), moved, moved);
        }
        run.write(input, kept);
      }
    }
    run.run(0);
    return found;
  }

  private List<Value> inputs(Piece piece) {
    List<Value> inputs = new ArrayList<>(node.inputs().subList(0, OptimizerStep.HEAD));
    inputs.add(step().parameters(node.inputs()).get(piece.parameter()));
    inputs.add(step().gradients(node.inputs()).get(piece.parameter()));
    for (int slot = 0; slot < step().slots().size(); slot++) {
      inputs.add(step().slot(node.inputs(), slot).get(piece.parameter()));
    }
    return inputs;
  }

  private List<Value> outputs(Piece piece) {
    List<Value> outputs = new ArrayList<>();
    outputs.add(step().newParameters(node.outputs()).get(piece.parameter()));
    for (int slot = 0; slot < step().slots().size(); slot++) {
      outputs.add(step().newSlot(node.outputs(), slot).get(piece.parameter()));
    }
    outputs.add(node.outputs().getLast());
    return outputs;
  }

  private static TensorType type(Value whole, Piece piece) {
    return whole.type().rank() == 0
        ? whole.type()
        : TensorType.of(whole.type().dtype(), piece.count());
  }

  private double[] read(Region whole, Piece piece) {
    return whole.type().rank() == 0
        ? actual.read(whole)
        : actual.read(whole, piece.first(), piece.count());
  }

  /** Returns a step of the same kind for one parameter. */
  private static OptimizerStep forOne(OptimizerStep step, Segment segment) {
    List<Segment> one = List.of(segment);
    return switch (step) {
      case SgdStep sgd -> new SgdStep(sgd.momentum(), sgd.nesterov(), one);
      case AlexNetStep alexNet -> new AlexNetStep(alexNet.momentum(), one);
      case AdamStep adam ->
          new AdamStep(adam.beta1(), adam.beta2(), adam.epsilon(), adam.decoupledDecay(), one);
      case RmsPropStep rms -> new RmsPropStep(rms.alpha(), rms.epsilon(), rms.momentum(), one);
    };
  }
}
