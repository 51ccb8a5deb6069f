package io.ventral.backend.reference;

import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import java.util.List;

/**
 * Update rules of all parameters at once. Each output may lie over the input it replaces, for every
 * element is read before it is written.
 */
record Optimizers(OptimizerStep step, List<Elements> in, List<Elements> out) {
  private static final int RATE = 0;
  private static final int APPLY = 1;

  /** v ← momentum·v + g; w ← w − rate·v, or with Nesterov's momentum w − rate·(g + momentum·v). */
  void sgd(SgdStep op, ParallelLoop parallel) {
    forEachElement(
        parallel,
        (p, i) -> {
          double w = p.w(i);
          double g = p.g(i) + p.decay() * w;
          if (op.momentum() == 0) {
            p.setW(i, w - p.rate() * g);
            return;
          }
          double v = op.momentum() * p.slot(0, i) + g;
          p.setSlot(0, i, v);
          p.setW(i, w - p.rate() * (op.nesterov() ? g + op.momentum() * v : v));
        });
  }

  /** v ← momentum·v − decay·rate·w − rate·g; w ← w + v. */
  void alexNet(AlexNetStep op, ParallelLoop parallel) {
    forEachElement(
        parallel,
        (p, i) -> {
          double w = p.w(i);
          double v = op.momentum() * p.slot(0, i) - p.decay() * p.rate() * w - p.rate() * p.g(i);
          p.setSlot(0, i, v);
          p.setW(i, w + v);
        });
  }

  /** m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate·m̂ / (√v̂ + epsilon). */
  void adam(AdamStep op, ParallelLoop parallel) {
    double t = in.get(OptimizerStep.APPLIED).get(0) + 1;
    double meanCorrection = 1 - Math.pow(op.beta1(), t);
    double squareCorrection = 1 - Math.pow(op.beta2(), t);
    forEachElement(
        parallel,
        (p, i) -> {
          double decay = op.decoupledDecay() ? 0 : p.decay();
          double shrink = op.decoupledDecay() ? 1 - p.rate() * p.decay() : 1;
          double w = p.w(i);
          double g = p.g(i) + decay * w;
          double m = op.beta1() * p.slot(0, i) + (1 - op.beta1()) * g;
          double v = op.beta2() * p.slot(1, i) + (1 - op.beta2()) * g * g;
          double deviation = Math.sqrt(v / squareCorrection) + op.epsilon();
          p.setSlot(0, i, m);
          p.setSlot(1, i, v);
          p.setW(i, w * shrink - p.rate() * (m / meanCorrection) / deviation);
        });
  }

  /** s ← alpha·s + (1 − alpha)·g²; b ← momentum·b + g/(√s + epsilon); w ← w − rate·b. */
  void rmsProp(RmsPropStep op, ParallelLoop parallel) {
    forEachElement(
        parallel,
        (p, i) -> {
          double w = p.w(i);
          double g = p.g(i) + p.decay() * w;
          double s = op.alpha() * p.slot(0, i) + (1 - op.alpha()) * g * g;
          double b = op.momentum() * p.slot(1, i) + g / (Math.sqrt(s) + op.epsilon());
          p.setSlot(0, i, s);
          p.setSlot(1, i, b);
          p.setW(i, w - p.rate() * b);
        });
  }

  @FunctionalInterface
  private interface Rule {
    void update(Parameter parameter, int i);
  }

  /**
   * Applies {@code rule} to every element, or where the flag is 0 copies every input to its output.
   */
  private void forEachElement(ParallelLoop parallel, Rule rule) {
    boolean apply = in.get(APPLY).get(0) != 0;
    for (int k = 0; k < step.segments().size(); k++) {
      Parameter parameter = parameter(k);
      if (apply) {
        parallel.forEach(parameter.count(), 8, i -> rule.update(parameter, i));
      } else {
        parameter.copy();
      }
    }
    out.getLast().set(0, in.get(OptimizerStep.APPLIED).get(0) + (apply ? 1 : 0));
  }

  private Parameter parameter(int k) {
    Segment segment = step.segments().get(k);
    int slots = step.slots().size();
    Elements[] old = new Elements[slots];
    Elements[] updated = new Elements[slots];
    for (int slot = 0; slot < slots; slot++) {
      old[slot] = step.slot(in, slot).get(k);
      updated[slot] = step.newSlot(out, slot).get(k);
    }
    return new Parameter(
        in.get(RATE).get(0) * segment.rateScale(),
        segment.weightDecay(),
        in.get(OptimizerStep.SCALE).get(0),
        step.parameters(in).get(k),
        step.gradients(in).get(k),
        step.newParameters(out).get(k),
        old,
        updated);
  }

  /** One parameter w with its scaled gradient, its own rate and decay, and its slots. */
  private record Parameter(
      double rate,
      double decay,
      double scale,
      Elements oldW,
      Elements gradient,
      Elements newW,
      Elements[] oldSlots,
      Elements[] newSlots) {
    int count() {
      return newW.count();
    }

    double w(int i) {
      return oldW.get(i);
    }

    double g(int i) {
      return gradient.get(i) / scale;
    }

    double slot(int slot, int i) {
      return oldSlots[slot].get(i);
    }

    void setW(int i, double value) {
      newW.set(i, value);
    }

    void setSlot(int slot, int i, double value) {
      newSlots[slot].set(i, value);
    }

    void copy() {
      Elementwise.copy(oldW, newW);
      for (int slot = 0; slot < oldSlots.length; slot++) {
        Elementwise.copy(oldSlots[slot], newSlots[slot]);
      }
    }
  }
}
