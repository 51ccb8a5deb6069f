package io.ventral.backend.cuda;

import io.ventral.backend.Kernel;
import io.ventral.error.EngineException;
import io.ventral.op.AdaptiveAvgPool;
import io.ventral.op.AdaptiveAvgPoolGrad;
import io.ventral.op.Add;
import io.ventral.op.AddRelu;
import io.ventral.op.AllReduce;
import io.ventral.op.AvgPool;
import io.ventral.op.AvgPoolGrad;
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
import io.ventral.tensor.TensorType;
import java.util.List;

/** From operation to kernel on a GPU: one exhaustive switch. */
final class CudaKernels {
  private final ConvolutionKernels convolution;
  private final MatrixKernels matrix;
  private final PoolingKernels pooling;
  private final NormalizationKernels normalization;
  private final ElementwiseKernels elementwise;
  private final MovementKernels movement;
  private final ReductionKernels reduction;
  private final LossKernels loss;
  private final OptimizerKernels optimizer;

  CudaKernels(OpenGpu gpu, AlgorithmSearch search) {
    matrix = new MatrixKernels(gpu);
    convolution = new ConvolutionKernels(gpu, matrix, search);
    pooling = new PoolingKernels(gpu);
    normalization = new NormalizationKernels(gpu);
    movement = new MovementKernels(gpu);
    elementwise = new ElementwiseKernels(gpu, movement);
    reduction = new ReductionKernels(gpu, movement);
    loss = new LossKernels(gpu);
    optimizer = new OptimizerKernels(gpu);
  }

  Kernel bind(Op op, List<TensorType> in, List<TensorType> out) {
    return switch (op) {
      case Conv2d conv -> convolution.forward(conv, in, out);
      case Conv2dBias conv -> convolution.bias(conv, in, out);
      case Conv2dBiasAdd conv -> convolution.biasAdd(conv, in, out);
      case Conv2dGradInput conv -> convolution.gradInput(conv, in, out);
      case Conv2dGradFilter conv -> convolution.gradFilter(conv, in, out);
      case MatMul product -> matrix.bind(product, in, out);
      case MaxPool pool -> pooling.max(pool.window(), in.get(0), out.get(0));
      case MaxPoolGrad pool -> pooling.maxGrad(pool.window(), out.get(0), in.get(1));
      case AvgPool pool -> pooling.avg(pool, in.get(0), out.get(0));
      case AvgPoolGrad pool -> pooling.avgGrad(pool.pool(), out.get(0), in.get(0));
      case AdaptiveAvgPool pool -> pooling.adaptive(in.get(0), out.get(0));
      case AdaptiveAvgPoolGrad pool -> pooling.adaptiveGrad(out.get(0), in.get(0));
      case BatchNormTrain norm -> normalization.train(norm, in);
      case BatchNormGrad norm -> normalization.grad(norm.forward(), in);
      case BatchNormReluTrain fused -> normalization.trainRelu(fused.norm(), in);
      case BatchNormReluGrad fused -> normalization.gradRelu(fused.norm(), in);
      case BatchNormFold fold -> normalization.fold(fold, in);
      case BatchNormInfer norm -> normalization.infer(norm, in);
      case BatchNormInferGrad norm -> normalization.inferGrad(norm, in);
      case LocalResponseNorm norm -> normalization.localResponse(norm, in);
      case LocalResponseNormGrad norm -> normalization.localResponseGrad(norm.forward(), in);
      case Relu relu -> elementwise.unary("relu", in);
      case ReluGrad relu -> elementwise.binary("relu_grad", in);
      case Sigmoid sigmoid -> elementwise.unary("sigmoid", in);
      case SigmoidGrad sigmoid -> elementwise.binary("sigmoid_grad", in);
      case Tanh tanh -> elementwise.unary("tanh", in);
      case TanhGrad tanh -> elementwise.binary("tanh_grad", in);
      case LeakyRelu relu -> elementwise.leakyRelu(relu, in);
      case LeakyReluGrad relu -> elementwise.leakyReluGrad(relu, in);
      case Add add -> elementwise.binary("add", in);
      case AddRelu add -> elementwise.binary("add_relu", in);
      case Multiply multiply -> elementwise.binary("multiply", in);
      case Scale scale -> elementwise.scale(scale, in);
      case BiasAdd bias -> elementwise.biasAdd(in);
      case RunningAverage average -> elementwise.runningAverage(average, in);
      case Cast cast -> elementwise.cast(cast, in);
      case Dropout dropout -> elementwise.dropout(dropout, in);
      case Concat concat -> movement.concat(concat, in, out);
      case Slice slice -> movement.slice(slice, in, out);
      case Pad pad -> movement.pad(pad, in, out);
      case Reshape reshape -> movement.reshape(in, out);
      case Transpose transpose -> movement.transpose(transpose, in, out);
      case BroadcastLike broadcast -> movement.broadcast(broadcast, in, out);
      case Copy copy -> movement.copy(in);
      case Constant constant -> movement.constant(constant, out);
      case BiasGrad bias -> reduction.biasGrad(in, out);
      case ReduceSum sum -> reduction.sum(sum.axes(), in, out);
      case ReduceMean mean -> reduction.mean(mean.axes(), in, out);
      case Softmax softmax -> loss.softmax(in);
      case SoftmaxGrad softmax -> loss.softmaxGrad(in);
      case SoftmaxCrossEntropy entropy ->
          loss.classes("softmax_cross_entropy", entropy.labelSmoothing(), in);
      case SoftmaxCrossEntropyGrad entropy ->
          loss.classesGrad("softmax_cross_entropy", entropy.forward().labelSmoothing(), in);
      case MulticlassHinge hinge -> loss.classes("multiclass_hinge", hinge.margin(), in);
      case MulticlassHingeGrad hinge ->
          loss.classesGrad("multiclass_hinge", hinge.forward().margin(), in);
      case SigmoidCrossEntropy entropy -> loss.targets("sigmoid_cross_entropy", in);
      case SigmoidCrossEntropyGrad entropy -> loss.targetsGrad("sigmoid_cross_entropy", in);
      case MeanSquaredError error -> loss.targets("mean_squared_error", in);
      case MeanSquaredErrorGrad error -> loss.targetsGrad("mean_squared_error", in);
      case TopKCount count -> loss.topK(count, in);
      case FiniteCheck check -> optimizer.finiteCheck(in);
      case LossScaleStep step -> optimizer.lossScale(step, in);
      case OptimizerStep step -> optimizer.step(step, in);
      case AllReduce reduce ->
          throw EngineException.internal("collectives are lowered before binding");
    };
  }
}
