package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far rounding can move each element of an output, measured on the reference without a word
 * about single operations. Each input element x[j] in turn is moved by a tiny share of itself; what
 * y[i] moves by, in that unit, is |∂y[i]/∂x[j] · x[j]|: the magnitude that x[j] brings into y[i],
 * which for a sum of products is the magnitude of its terms. Added up over j they are the
 * magnitudes summed, and the elements that move y[i] at all are the terms of the sum.
 *
 * @param terms n[i]: input elements that y[i] depends on, at least 1
 * @param magnitudes s[i]: Σ over j of |∂y[i]/∂x[j] · x[j]|
 * @param largest max |y|, finite elements alone
 */
record Sensitivity(int[] terms, double[] magnitudes, double largest) {
  /** The share of itself that an input element is moved by. */
  static final double STEP = 0x1p-20;

  /** What moves by more than this many units jumps if it does so on one side alone. */
  private static final double STEEP = 0x1p10;

  /**
   * Returns what was measured for the floating-point outputs of a case, in double and by the ids of
   * values, which are those of the case in any format.
   */
  static Map<Integer, Sensitivity> of(Device reference, OpCase opCase) {
    CaseProgram program = CaseProgram.of(opCase.as(DType.FLOAT64));
    Map<Value, HostTensor> tensors = program.tensors();
    Map<Integer, Sensitivity> found = new HashMap<>();
    try (ReferenceProgram run = new ReferenceProgram(reference, program.nodes())) {
      tensors.forEach((value, x) -> run.write(value, ReferenceProgram.elements(x)));
      for (int i = 0; i < program.nodes().size(); i++) {
        found.putAll(new Probe(run, program.nodes().get(i), i).measure());
      }
    } finally {
      tensors.values().forEach(HostTensor::close);
    }
    return found;
  }

  /** Returns that of an output {@code y} which nothing has moved yet. */
  static Sensitivity blank(double[] y) {
    int[] terms = new int[y.length];
    Arrays.fill(terms, 1);
    double largest = Arrays.stream(y).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    return new Sensitivity(terms, new double[y.length], largest);
  }

  /**
   * Adds what an input brings into each element.
   *
   * @param above y after the input was moved up by {@link #STEP}
   * @param below y after it was moved down, or up again where no jump is to be feared
   */
  void add(double[] y, double[] above, double[] below) {
    for (int i = 0; i < y.length; i++) {
      // A slope shows on both sides, a jump, as where two scores are equal, on one.
      double change = Math.min(Math.abs(above[i] - y[i]), Math.abs(below[i] - y[i]));
      if (change > 0) {
        terms[i]++;
        magnitudes[i] += change / STEP;
      }
    }
  }

  /** One node whose inputs are moved. */
  private record Probe(ReferenceProgram run, Node node, int index, List<Value> outputs) {
    Probe(ReferenceProgram run, Node node, int index) {
      this(run, node, index, node.outputs().stream().filter(Probe::isFloating).toList());
    }

    private static boolean isFloating(Value value) {
      return value.type().dtype().isFloating();
    }

    Map<Integer, Sensitivity> measure() {
      List<double[]> y = results();
      Map<Integer, Sensitivity> found = new HashMap<>();
      for (int k = 0; k < outputs.size(); k++) {
        found.put(outputs.get(k).id(), blank(y.get(k)));
      }
      for (int input = 0; input < node.inputs().size(); input++) {
        if (isFloating(node.inputs().get(input)) && !node.op().readsOnlyShape(input)) {
          move(node.inputs().get(input), y, found);
        }
      }
      results();
      return found;
    }

    private void move(Value input, List<double[]> y, Map<Integer, Sensitivity> found) {
      double[] x = run.read(input);
      for (int j = 0; j < x.length; j++) {
        double kept = x[j];
        if (kept == 0 || !Double.isFinite(kept)) {
          continue;
        }
        List<double[]> moved = resultsWith(input, x, j, kept * (1 + STEP));
        if (anySteep(y, moved)) {
          List<double[]> other = resultsWith(input, x, j, kept * (1 - STEP));
          add(y, moved, other, found);
        } else {
          add(y, moved, moved, found);
        }
        x[j] = kept;
      }
      run.write(input, x);
    }

    private List<double[]> resultsWith(Value input, double[] x, int j, double value) {
      x[j] = value;
      run.write(input, x);
      return results();
    }

    private List<double[]> results() {
      run.run(index);
      List<double[]> results = new ArrayList<>();
      outputs.forEach(output -> results.add(run.read(output)));
      return results;
    }

    private static boolean anySteep(List<double[]> y, List<double[]> moved) {
      for (int k = 0; k < y.size(); k++) {
        for (int i = 0; i < y.get(k).length; i++) {
          if (Math.abs(moved.get(k)[i] - y.get(k)[i]) > STEEP * STEP) {
            return true;
          }
        }
      }
      return false;
    }

    private void add(
        List<double[]> y,
        List<double[]> above,
        List<double[]> below,
        Map<Integer, Sensitivity> found) {
      for (int k = 0; k < y.size(); k++) {
        found.get(outputs.get(k).id()).add(y.get(k), above.get(k), below.get(k));
      }
    }
  }
}
