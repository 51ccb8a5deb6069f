package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.check.DeviceProgram.Outcome;
import io.ventral.check.ParityRow.Direction;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Node;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A program, of a case or of a network, on both devices, each kernel judged alone as {@link Parity}
 * says.
 *
 * @param device the one under test
 * @param name of the case or the network
 * @param dtype the format of its floating-point operands
 */
record CaseParity(
    Device device,
    Device reference,
    DType dtype,
    String name,
    List<Node> nodes,
    ReferenceProgram expected,
    DeviceProgram actual,
    Sensitivities sensitivities) {

  private static final int PIECE_ELEMENTS = 1 << 20;

  /** How far rounding can move results, measured when asked for. */
  @FunctionalInterface
  interface Sensitivities {
    /** Returns that of an output of node {@code index}, which the reference has just run. */
    Sensitivity of(int index, Value output);
  }

  /** Returns a row for each kernel, run in order. */
  List<ParityRow> rows() {
    List<ParityRow> rows = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      rows.add(node(i));
    }
    return rows;
  }

  private ParityRow node(int index) {
    Node node = nodes.get(index);
    if (!node.inputs().stream().allMatch(actual::has)) {
      return row(index, 0, Verdict.UNSUPPORTED, "the kernel that saves its input is not there");
    }
    if (node.op() instanceof OptimizerStep) {
      // Nothing in a program follows its update.
      return judged(index, node);
    }
    node.inputs().stream()
        .filter(CaseParity::isVisible)
        .forEach(input -> expected.write(input, actual.read(actual.region(input))));
    expected.run(index);
    ParityRow row = judged(index, node);
    if (row.verdict() != Verdict.OK) {
      node.outputs().stream().filter(CaseParity::isVisible).forEach(this::correct);
    }
    expected.forget(index);
    return row;
  }

  private static boolean isVisible(Value value) {
    return value.type().dtype() != DType.OPAQUE;
  }

  /** What follows is not to suffer from a wrong or missing result: it gets the right one. */
  private void correct(Value output) {
    try (HostTensor tensor = HostTensor.zeros(output.type())) {
      double[] elements = expected.read(output);
      for (int i = 0; i < elements.length; i++) {
        tensor.set(i, elements[i]);
      }
      actual.feed(output, tensor);
    }
  }

  private ParityRow judged(int index, Node node) {
    Kernel kernel;
    try {
      kernel = device.bind(node.op(), node.inputTypes(), node.outputTypes());
    } catch (EngineException e) {
      Verdict verdict = e.kind() == ErrorKind.UNSUPPORTED ? Verdict.UNSUPPORTED : Verdict.FAILED;
      return row(index, 0, verdict, e.getMessage());
    }
    try {
      return judged(index, node, kernel);
    } catch (RuntimeException e) {
      // Whatever a kernel throws is a defect of that kernel, to be listed with the others.
      return row(index, Double.POSITIVE_INFINITY, Verdict.FAILED, e.toString());
    }
  }

  private ParityRow judged(int index, Node node, Kernel kernel) {
    List<Outcome> outcomes =
        List.of(
            actual.run(node, kernel),
            actual.runInPlace(node, kernel),
            actual.runPrepared(node, kernel));
    List<String> defects = new ArrayList<>();
    outcomes.forEach(outcome -> defects.addAll(outcome.defects()));
    double error = 0;
    for (Comparison comparison : comparisons(index, outcomes)) {
      comparison.defect().ifPresent(defects::add);
      error = Math.max(error, comparison.error());
    }
    return defects.isEmpty()
        ? row(index, error, Verdict.OK, "")
        : row(index, error, Verdict.FAILED, String.join("; ", defects));
  }

  private List<Comparison> comparisons(int index, List<Outcome> outcomes) {
    Node node = nodes.get(index);
    if (node.op() instanceof OptimizerStep) {
      return new UpdateParity(reference, dtype, actual, node, PIECE_ELEMENTS).compare(outcomes);
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      outcome
          .results()
          .forEach(
              (output, region) -> {
                String what = outcome.what(node.outputs().indexOf(output));
                comparisons.add(compare(index, what, output, actual.read(region)));
              });
    }
    return comparisons;
  }

  private Comparison compare(int index, String what, Value output, double[] computed) {
    double[] exact = expected.read(output);
    if (!output.type().dtype().isFloating()) {
      return Comparison.exact(what, exact, computed);
    }
    Sensitivity sensitivity = sensitivities.of(index, output);
    DType format = output.type().dtype();
    return Comparison.of(what, format, exact, computed, Tolerance.of(format, dtype, sensitivity));
  }

  private ParityRow row(int index, double error, Verdict verdict, String reason) {
    String op = nodes.get(index).op().getClass().getSimpleName();
    Direction direction = index == 0 ? Direction.FORWARD : Direction.BACKWARD;
    return new ParityRow(name, op, dtype, direction, error, verdict, reason);
  }
}
