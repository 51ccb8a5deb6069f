package io.ventral.check;

import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.tensor.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Sensitivity} estimated in a few runs, for nodes with too many numbers to move one by one.
 *
 * <p><b>Magnitudes.</b> All inputs are moved at once, x[j] by a share δ·c[j] of itself with c[j]
 * drawn from a Cauchy distribution. Such draws are stable: Σ t[j]·c[j] is distributed as
 * (Σ|t[j]|)·c, so the median of what y[i] moves by over some runs, in units of δ, estimates s[i] =
 * Σ|∂y[i]/∂x[j]·x[j]| (Indyk, Stable Distributions, Pseudorandom Generators, Embeddings and Data
 * Stream Computation, 2006). With 7 runs it is below a quarter of s[i] for one element in 70, which
 * the 8 standard deviations in {@link Tolerance} and the largest result beside it make up for.
 *
 * <p><b>Terms.</b> Some elements of each input are moved alone and the elements of y that move are
 * counted: counted from both sides, inputs times results that each reaches are results times terms
 * that each has. So n is a mean over y, which a window at an edge does not reach and none exceeds
 * by far.
 */
final class Sketch {
  private static final int RUNS = 7;
  private static final int SAMPLES = 6;

  /** Small enough that the largest draws stay in the linear range, far above double's rounding. */
  private static final double STEP = 0x1p-36;

  private static final double LARGEST_DRAW = 0x1p14;

  /**
   * Numbers drawn, which every input takes in turn from a place of its own: a prime, so that the
   * elements of a window, whatever their distances, have different ones.
   */
  private static final int DRAWN = 65_521;

  private final ReferenceProgram run;
  private final List<Node> nodes;
  private final Philox random = new Philox(0);
  private final double[] cauchy = new double[DRAWN];
  private final Map<Value, Sensitivity> found = new HashMap<>();
  private int measured = -1;
  private int draws;

  Sketch(ReferenceProgram run, List<Node> nodes) {
    this.run = run;
    this.nodes = nodes;
    for (int i = 0; i < DRAWN; i++) {
      double draw = Math.tan(Math.PI * (random.uniform(0, 0, i) - 0.5));
      cauchy[i] = Math.clamp(draw, -LARGEST_DRAW, LARGEST_DRAW);
    }
  }

  /** Returns the estimate for an output of node {@code index}, which has just run. */
  Sensitivity of(int index, Value output) {
    if (index != measured) {
      found.clear();
      measure(index);
      measured = index;
    }
    return found.get(output);
  }

  private void measure(int index) {
    Node node = nodes.get(index);
    List<Value> outputs = node.outputs().stream().filter(Sketch::isFloating).toList();
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      if (isFloating(node.inputs().get(i)) && !node.op().readsOnlyShape(i)) {
        inputs.add(node.inputs().get(i));
      }
    }
    Map<Value, double[]> kept = new HashMap<>();
    inputs.forEach(input -> kept.put(input, run.read(input)));
    List<double[]> exact = outputs.stream().map(run::read).toList();
    List<double[]> magnitudes = magnitudes(index, outputs, kept, exact);
    double[] terms = terms(index, inputs, outputs, kept, exact);
    run.run(index);
    for (int k = 0; k < outputs.size(); k++) {
      found.put(outputs.get(k), sensitivity(exact.get(k), magnitudes.get(k), terms[k]));
    }
  }

  private static boolean isFloating(Value value) {
    return value.type().dtype().isFloating();
  }

  private static Sensitivity sensitivity(double[] y, double[] magnitudes, double terms) {
    int[] counts = new int[y.length];
    Arrays.fill(counts, (int) Math.max(1, Math.ceil(terms)));
    double largest = Arrays.stream(y).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    return new Sensitivity(counts, magnitudes, largest);
  }

  /** Returns the medians of the moves; inputs are left as they were. */
  private List<double[]> magnitudes(
      int index, List<Value> outputs, Map<Value, double[]> kept, List<double[]> exact) {
    List<float[][]> moves = new ArrayList<>();
    exact.forEach(y -> moves.add(new float[RUNS][y.length]));
    for (int sample = 0; sample < RUNS; sample++) {
      kept.forEach((input, x) -> run.write(input, moved(x)));
      run.run(index);
      for (int k = 0; k < outputs.size(); k++) {
        double[] y = run.read(outputs.get(k));
        for (int i = 0; i < y.length; i++) {
          moves.get(k)[sample][i] = (float) (Math.abs(y[i] - exact.get(k)[i]) / STEP);
        }
      }
    }
    kept.forEach(run::write);
    return moves.stream().map(Sketch::medians).toList();
  }

  private static double[] medians(float[][] moves) {
    double[] medians = new double[moves[0].length];
    float[] all = new float[RUNS];
    for (int i = 0; i < medians.length; i++) {
      for (int sample = 0; sample < RUNS; sample++) {
        all[sample] = moves[sample][i];
      }
      Arrays.sort(all);
      medians[i] = all[RUNS / 2];
    }
    return medians;
  }

  private double[] moved(double[] x) {
    double[] moved = new double[x.length];
    int begin = random.below(cauchy.length, ++draws, 0, 0);
    for (int j = 0, place = begin; j < x.length; j++) {
      moved[j] = x[j] * (1 + STEP * cauchy[place]);
      place = place + 1 == cauchy.length ? 0 : place + 1;
    }
    return moved;
  }

  /** Returns the mean number of terms of each output; inputs are left as they were. */
  private double[] terms(
      int index,
      List<Value> inputs,
      List<Value> outputs,
      Map<Value, double[]> kept,
      List<double[]> exact) {
    double[] terms = new double[outputs.size()];
    for (Value input : inputs) {
      double[] x = kept.get(input);
      int samples = Math.min(SAMPLES, x.length);
      int purpose = ++draws;
      for (int sample = 0; sample < samples; sample++) {
        int j = (int) (random.uniform(purpose, 0, sample) * x.length);
        double before = x[j];
        x[j] = before == 0 ? 1 : before * 1.5;
        run.write(input, x);
        x[j] = before;
        run.run(index);
        for (int k = 0; k < outputs.size(); k++) {
          terms[k] += reached(outputs.get(k), exact.get(k)) * x.length / samples;
        }
      }
      run.write(input, x);
    }
    return terms;
  }

  /** Returns which share of an output is not what it was. */
  private double reached(Value output, double[] exact) {
    double[] y = run.read(output);
    int count = 0;
    for (int i = 0; i < y.length; i++) {
      count += y[i] == exact[i] ? 0 : 1;
    }
    return (double) count / y.length;
  }
}
