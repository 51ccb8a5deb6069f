package io.ventral.rewrite;

import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.AllReduce;
import io.ventral.op.AvgPool;
import io.ventral.op.AvgPoolGrad;
import io.ventral.op.BatchNormAddReluGrad;
import io.ventral.op.BatchNormAddReluTrain;
import io.ventral.op.BatchNormFold;
import io.ventral.op.BatchNormGrad;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.BatchNormInferGrad;
import io.ventral.op.BatchNormReluGrad;
import io.ventral.op.BatchNormReluTrain;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.BiasAdd;
import io.ventral.op.BiasGrad;
import io.ventral.op.BroadcastLike;
import io.ventral.op.Cast;
import io.ventral.op.Concat;
import io.ventral.op.Constant;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Conv2dBiasAdd;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.op.Copy;
import io.ventral.op.Dropout;
import io.ventral.op.FiniteCheck;
import io.ventral.op.LeakyRelu;
import io.ventral.op.LeakyReluGrad;
import io.ventral.op.LocalResponseNorm;
import io.ventral.op.LocalResponseNormGrad;
import io.ventral.op.LossScaleStep;
import io.ventral.op.MatMul;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.MeanSquaredError;
import io.ventral.op.MeanSquaredErrorGrad;
import io.ventral.op.MulticlassHinge;
import io.ventral.op.MulticlassHingeGrad;
import io.ventral.op.Multiply;
import io.ventral.op.NormalizeBytes;
import io.ventral.op.Op;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Pad;
import io.ventral.op.ReduceMean;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.ReluGrad;
import io.ventral.op.Reshape;
import io.ventral.op.RunningAverage;
import io.ventral.op.Scale;
import io.ventral.op.Sigmoid;
import io.ventral.op.SigmoidCrossEntropy;
import io.ventral.op.SigmoidCrossEntropyGrad;
import io.ventral.op.SigmoidGrad;
import io.ventral.op.Slice;
import io.ventral.op.Softmax;
import io.ventral.op.SoftmaxCrossEntropy;
import io.ventral.op.SoftmaxCrossEntropyGrad;
import io.ventral.op.SoftmaxGrad;
import io.ventral.op.Tanh;
import io.ventral.op.TanhGrad;
import io.ventral.op.TopKCount;
import io.ventral.op.Transpose;

/** In which format {@link MixedPrecision} lets an operation compute. */
enum Arithmetic {
  /** In 16 bits: products of matrices, where it pays most. */
  NARROW,
  /** In 16 bits where an operand has them: what is bound by memory and robust to rounding. */
  INHERITED,
  /** As in the plain program: losses, statistics, updates, sums of many. */
  WIDE;

  static Arithmetic of(Op op) {
    return switch (op) {
      case Conv2d _,
          Conv2dBias _,
          Conv2dBiasAdd _,
          Conv2dGradInput _,
          Conv2dGradFilter _,
          MatMul _ ->
          NARROW;
      case Relu _, ReluGrad _, LeakyRelu _, LeakyReluGrad _ -> INHERITED;
      case Sigmoid _, SigmoidGrad _, Tanh _, TanhGrad _ -> INHERITED;
      case Add _, AddRelu _, Multiply _, Scale _, BiasAdd _, BiasGrad _, Dropout _ -> INHERITED;
      case BatchNormTrain _, BatchNormReluTrain _, BatchNormInfer _ -> INHERITED;
      case BatchNormGrad _, BatchNormReluGrad _, BatchNormInferGrad _ -> INHERITED;
      case BatchNormAddReluTrain _, BatchNormAddReluGrad _ -> INHERITED;
      case LocalResponseNorm _, LocalResponseNormGrad _ -> INHERITED;
      case MaxPool _, MaxPoolGrad _, AvgPool _, AvgPoolGrad _ -> INHERITED;
      case AdaptiveAvgPool _, AdaptiveAvgPoolGrad _ -> INHERITED;
      case Concat _, Slice _, Pad _, Reshape _, Transpose _, Copy _ -> INHERITED;
      case Softmax _, SoftmaxGrad _, SoftmaxCrossEntropy _, SoftmaxCrossEntropyGrad _ -> WIDE;
      case SigmoidCrossEntropy _, SigmoidCrossEntropyGrad _ -> WIDE;
      case MulticlassHinge _, MulticlassHingeGrad _ -> WIDE;
      case MeanSquaredError _, MeanSquaredErrorGrad _ -> WIDE;
      case ReduceSum _, ReduceMean _, BroadcastLike _, TopKCount _, AllReduce _ -> WIDE;
      case FiniteCheck _, LossScaleStep _, OptimizerStep _, RunningAverage _ -> WIDE;
      case BatchNormFold _, Cast _, Constant _, NormalizeBytes _ -> WIDE;
    };
  }
}
