package io.ventral.backend.reference;

import io.ventral.backend.Kernel;
import io.ventral.error.EngineException;
import io.ventral.op.AdamStep;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.AlexNetStep;
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
import io.ventral.op.RmsPropStep;
import io.ventral.op.RunningAverage;
import io.ventral.op.Scale;
import io.ventral.op.SgdStep;
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
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The one switch from operation to loop. An operation is added with a case here and a loop in the
 * file of its family. The word in front of a loop says which inputs an output may lie over: {@code
 * loop} none, {@code overFirst} input 0, {@code map} and {@code zip} any, {@code updating} what it
 * replaces.
 */
final class ReferenceKernels {
  private final ParallelLoop parallel;

  private ReferenceKernels(ParallelLoop parallel) {
    this.parallel = parallel;
  }

  /** Returns the kernel for {@code op}; loops read shapes from their operands. */
  static Kernel bind(
      Op op, List<TensorType> inputs, List<TensorType> outputs, ParallelLoop parallel) {
    return new ReferenceKernels(parallel).kernel(op, outputs);
  }

  private Kernel kernel(Op op, List<TensorType> outputs) {
    return switch (op) {
      case AdaptiveAvgPool _ ->
          loop((in, out, p) -> AveragePooling.adaptive(in.get(0), out.get(0)).forward(p));
      case AdaptiveAvgPoolGrad _ ->
          loop((in, out, p) -> AveragePooling.adaptive(out.get(0), in.get(0)).grad(p));
      case Add _ -> zip(Double::sum);
      case AddRelu _ -> zip((a, b) -> Activation.relu(a + b));
      case AllReduce reduce ->
          throw EngineException.internal(reduce.label() + " must be lowered before it is bound");
      case AvgPool pool ->
          loop((in, out, p) -> AveragePooling.sliding(pool, in.get(0), out.get(0)).forward(p));
      case AvgPoolGrad grad ->
          loop((in, out, p) -> AveragePooling.sliding(grad.pool(), out.get(0), in.get(0)).grad(p));
      case BatchNormAddReluGrad grad ->
          loop((in, out, p) -> Fused.batchNormAddReluGrad(grad.norm(), in, out, p));
      case BatchNormAddReluTrain fused ->
          loop((in, out, p) -> Fused.batchNormAddRelu(fused.norm(), in, out, p));
      case BatchNormFold fold ->
          loop((in, out, p) -> BatchNormalisation.fold(fold.epsilon(), in, out));
      case BatchNormGrad grad ->
          loop((in, out, p) -> BatchNormalisation.grad(grad.forward(), in, out, p));
      case BatchNormInfer norm ->
          overFirst((in, out, p) -> BatchNormalisation.infer(norm.epsilon(), in, out.get(0), p));
      case BatchNormInferGrad grad ->
          loop((in, out, p) -> BatchNormalisation.inferGrad(grad.epsilon(), in, out, p));
      case BatchNormReluGrad grad ->
          loop((in, out, p) -> Fused.batchNormReluGrad(grad.norm(), in, out, p));
      case BatchNormReluTrain fused ->
          saving(outputs, (in, out, p) -> Fused.batchNormRelu(fused.norm(), in, out, p));
      case BatchNormTrain norm -> loop((in, out, p) -> BatchNormalisation.train(norm, in, out, p));
      case BiasAdd _ -> overFirst((in, out, p) -> Bias.add(in.get(0), in.get(1), out.get(0), p));
      case BiasGrad _ -> loop((in, out, p) -> Bias.grad(in.get(0), out.get(0), p));
      case BroadcastLike like ->
          loop((in, out, p) -> Movement.broadcast(like.axes(), in.get(0), out.get(0)));
      case Cast _ -> overFirst((in, out, p) -> Elementwise.copy(in.get(0), out.get(0)));
      case Concat concat -> loop((in, out, p) -> Movement.concat(concat, in, out.get(0)));
      case Constant constant ->
          loop((in, out, p) -> Elementwise.fill(out.get(0), constant.value()));
      case Conv2d conv ->
          loop((in, out, p) -> Convolution.of(conv, in.get(0), in.get(1), out.get(0)).forward(p));
      case Conv2dBias fused -> loop((in, out, p) -> Fused.convBias(fused, in, out.get(0), p));
      case Conv2dBiasAdd fused -> loop((in, out, p) -> Fused.convBiasAdd(fused, in, out.get(0), p));
      case Conv2dGradFilter grad ->
          loop(
              (in, out, p) -> Convolution.of(grad, in.get(0), in.get(1), out.get(0)).gradFilter(p));
      case Conv2dGradInput grad ->
          loop((in, out, p) -> Convolution.of(grad, in.get(0), in.get(1), out.get(0)).gradInput(p));
      case Copy _ -> loop((in, out, p) -> Elementwise.copy(in.get(0), out.get(0)));
      case Dropout dropout ->
          overFirst((in, out, p) -> DropoutLoop.run(dropout, in.get(0), in.get(1), out.get(0), p));
      case FiniteCheck check ->
          new ReferenceKernel(
              (in, out, p) -> Metrics.finiteCheck(check, in, out.get(0)),
              0,
              (input, output) -> check.continued() && input == 0,
              parallel);
      case LeakyRelu relu -> map(Activation.leakyRelu(relu.slope()));
      case LeakyReluGrad grad -> zip(Activation.leakyReluGrad(grad.slope()));
      case LocalResponseNorm norm ->
          loop((in, out, p) -> LocalResponse.forward(norm, in.get(0), out.get(0), p));
      case LocalResponseNormGrad grad ->
          loop((in, out, p) -> LocalResponse.grad(grad.forward(), in, out.get(0), p));
      case LossScaleStep step ->
          new ReferenceKernel(
              (in, out, p) -> LossScale.step(step, in, out),
              0,
              (input, output) -> input == output,
              parallel);
      case MatMul product ->
          loop((in, out, p) -> MatrixProduct.run(product, in.get(0), in.get(1), out.get(0), p));
      case MaxPool pool ->
          saving(outputs, (in, out, p) -> MaxPooling.forward(pool.window(), in.get(0), out, p));
      case MaxPoolGrad _ ->
          loop((in, out, p) -> MaxPooling.grad(in.get(0), in.get(1), out.get(0), p));
      case MeanSquaredError _ ->
          loop((in, out, p) -> MeanLoss.forward(MeanLoss::squaredError, in, out.get(0), p));
      case MeanSquaredErrorGrad _ ->
          loop((in, out, p) -> MeanLoss.grad(MeanLoss::squaredErrorSlope, in, out.get(0), p));
      case MulticlassHinge loss ->
          loop((in, out, p) -> HingeLoss.of(loss, in).forward(out.get(0), p));
      case MulticlassHingeGrad grad ->
          loop((in, out, p) -> HingeLoss.of(grad.forward(), in).grad(in.get(2), out.get(0), p));
      case Multiply _ -> zip((a, b) -> a * b);
      case NormalizeBytes normalize -> {
        double[] table = normalize.table();
        yield loop((in, out, p) -> Elementwise.normalize(table, in.get(0), out.get(0), p));
      }
      case Pad pad -> loop((in, out, p) -> Movement.pad(pad, in.get(0), out.get(0)));
      case ReduceMean mean ->
          loop((in, out, p) -> Reductions.over(mean.axes(), in.get(0)).mean(out.get(0), p));
      case ReduceSum sum ->
          loop((in, out, p) -> Reductions.over(sum.axes(), in.get(0)).sum(out.get(0), 1, p));
      case Relu _ -> map(Activation::relu);
      case ReluGrad _ -> zip(Activation::reluGrad);
      case Reshape _ -> loop((in, out, p) -> Movement.reshape(in.get(0), out.get(0), p));
      case RunningAverage mean ->
          overFirst((in, out, p) -> Elementwise.runningAverage(mean.momentum(), in, out.get(0), p));
      case Scale scale -> map(x -> scale.factor() * x);
      case Sigmoid _ -> map(Activation::sigmoid);
      case SigmoidCrossEntropy _ ->
          loop((in, out, p) -> MeanLoss.forward(MeanLoss::sigmoidCrossEntropy, in, out.get(0), p));
      case SigmoidCrossEntropyGrad _ ->
          loop(
              (in, out, p) -> MeanLoss.grad(MeanLoss::sigmoidCrossEntropySlope, in, out.get(0), p));
      case SigmoidGrad _ -> zip(Activation::sigmoidGrad);
      case Slice slice -> loop((in, out, p) -> Movement.slice(slice, in.get(0), out.get(0)));
      case Softmax _ -> loop((in, out, p) -> SoftmaxLoop.forward(in.get(0), out.get(0), p));
      case SoftmaxCrossEntropy loss ->
          loop((in, out, p) -> SoftmaxLoss.of(loss, in).forward(out.get(0), p));
      case SoftmaxCrossEntropyGrad grad ->
          loop((in, out, p) -> SoftmaxLoss.of(grad.forward(), in).grad(in.get(2), out.get(0), p));
      case SoftmaxGrad _ ->
          loop((in, out, p) -> SoftmaxLoop.grad(in.get(0), in.get(1), out.get(0), p));
      case Tanh _ -> map(Math::tanh);
      case TanhGrad _ -> zip(Activation::tanhGrad);
      case TopKCount count -> loop((in, out, p) -> Metrics.topKCount(count.k(), in, out.get(0)));
      case Transpose transpose ->
          loop((in, out, p) -> Movement.transpose(transpose, in.get(0), out.get(0)));
      case SgdStep sgd -> updating(sgd, (in, out, p) -> new Optimizers(sgd, in, out).sgd(sgd, p));
      case AlexNetStep alexNet ->
          updating(alexNet, (in, out, p) -> new Optimizers(alexNet, in, out).alexNet(alexNet, p));
      case AdamStep adam ->
          updating(adam, (in, out, p) -> new Optimizers(adam, in, out).adam(adam, p));
      case RmsPropStep rmsProp ->
          updating(rmsProp, (in, out, p) -> new Optimizers(rmsProp, in, out).rmsProp(rmsProp, p));
    };
  }

  /** No output may lie over an input. */
  private Kernel loop(Loop loop) {
    return new ReferenceKernel(loop, 0, (input, output) -> false, parallel);
  }

  /** Output 0 may lie over input 0. */
  private Kernel overFirst(Loop loop) {
    return new ReferenceKernel(loop, 0, (input, output) -> input == 0 && output == 0, parallel);
  }

  /** A function of single elements; its output may lie over its input. */
  private Kernel map(DoubleUnaryOperator f) {
    return overFirst((in, out, p) -> Elementwise.map(in.get(0), out.get(0), p, f));
  }

  /** A function of pairs of elements; its output may lie over either input. */
  private Kernel zip(DoubleBinaryOperator f) {
    Loop loop = (in, out, p) -> Elementwise.zip(in.get(0), in.get(1), out.get(0), p, f);
    return new ReferenceKernel(loop, 0, (input, output) -> true, parallel);
  }

  /** One output is opaque, with a double for each element of output 0. */
  private Kernel saving(List<TensorType> outputs, Loop loop) {
    long savedBytes = Math.multiplyExact(outputs.get(0).elements(), (long) Double.BYTES);
    return new ReferenceKernel(loop, savedBytes, (input, output) -> false, parallel);
  }

  /** Parameters, slots and the count of steps may each lie over what they replace. */
  private Kernel updating(OptimizerStep step, Loop loop) {
    return new ReferenceKernel(loop, 0, step::replaces, parallel);
  }
}
