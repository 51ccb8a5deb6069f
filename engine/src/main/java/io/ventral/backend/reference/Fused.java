package io.ventral.backend.reference;

import io.ventral.op.BatchNormTrain;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import java.util.List;

/** Fused operations: their parts in order, unrounded in between. */
final class Fused {
  private Fused() {}

  /** Normalises, then rectifies y; the last output tells where y was positive. */
  static void batchNormRelu(
      BatchNormTrain norm, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements y = out.get(0);
    BatchNormalisation.train(norm, in, out, parallel);
    Elementwise.map(y, out.get(4), parallel, value -> value > 0 ? 1 : 0);
    Elementwise.map(y, y, parallel, Activation::relu);
  }

  /** Operands are x, scale, mean, variance, where y was positive, and dy. */
  static void batchNormReluGrad(
      BatchNormTrain norm, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements dx = out.get(0);
    Elementwise.zip(in.get(4), in.get(5), dx, parallel, Activation::reluGrad);
    BatchNormalisation.grad(
        norm, List.of(in.get(0), in.get(1), in.get(2), in.get(3), dx), out, parallel);
  }

  /** Operands are x, scale, bias and what is added. */
  static void batchNormAddRelu(
      BatchNormTrain norm, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements y = out.get(0);
    BatchNormalisation.train(norm, in.subList(0, 3), out, parallel);
    Elementwise.zip(y, in.get(3), y, parallel, (a, b) -> Activation.relu(a + b));
  }

  /** Operands are x, scale, mean, variance, y and dy. */
  static void batchNormAddReluGrad(
      BatchNormTrain norm, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements addend = out.get(3);
    Elementwise.zip(in.get(4), in.get(5), addend, parallel, Activation::reluGrad);
    BatchNormalisation.grad(
        norm, List.of(in.get(0), in.get(1), in.get(2), in.get(3), addend), out, parallel);
  }

  /** Operands are x, filter, bias and what is added. */
  static void convBiasAdd(Conv2dBiasAdd op, List<Elements> in, Elements y, ParallelLoop parallel) {
    convBias(new Conv2dBias(op.conv(), false), in, y, parallel);
    Elementwise.zip(y, in.get(3), y, parallel, Double::sum);
    if (op.relu()) {
      Elementwise.map(y, y, parallel, Activation::relu);
    }
  }

  /** Operands are x, filter and bias. */
  static void convBias(Conv2dBias op, List<Elements> in, Elements y, ParallelLoop parallel) {
    Convolution.of(op.conv(), in.get(0), in.get(1), y).forward(parallel);
    Bias.add(y, in.get(2), y, parallel);
    if (op.relu()) {
      Elementwise.map(y, y, parallel, Activation::relu);
    }
  }
}
