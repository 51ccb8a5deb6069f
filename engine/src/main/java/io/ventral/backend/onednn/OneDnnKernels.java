package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.library.InstructionSet;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.winograd.ConvolutionChoice;
import io.ventral.backend.reference.ReferenceDevice;
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
import io.ventral.place.DeviceId;
import io.ventral.tensor.TensorType;
import java.util.List;

/** From operation to kernel on the processor: one exhaustive switch. */
final class OneDnnKernels {
  private static final String SMALL = "small";
  private static final String RARE = "rare";
  private static final String APART = "oneDNN adds behind no normalisation; its parts are apart";

  private final InstructionSet instructions;
  private final ReferenceDevice reference;
  private final ConvolutionKernels convolution;
  private final MatrixKernels matrix;
  private final PoolingKernels pooling;
  private final NormalizationKernels normalization;
  private final ElementwiseKernels elementwise;
  private final LoopKernels loops;
  private final LossKernels losses;
  private final ReductionKernels reductions;
  private final ResponseKernels response;

  OneDnnKernels(DeviceId id, Binding binding, ConvolutionChoice choice) {
    instructions = binding.dnnl().library().instructionSet();
    reference = new ReferenceDevice(id, 1);
    matrix = new MatrixKernels(binding);
    convolution = new ConvolutionKernels(binding, matrix, choice);
    pooling = new PoolingKernels(binding);
    normalization = new NormalizationKernels(binding);
    elementwise = new ElementwiseKernels(binding);
    loops = new LoopKernels(binding);
    losses = new LossKernels(binding);
    reductions = new ReductionKernels(binding, loops);
    response = new ResponseKernels(binding);
  }

  Kernel bind(Op op, List<TensorType> in, List<TensorType> out) {
    in.forEach(type -> instructions.require(type.dtype()));
    out.forEach(type -> instructions.require(type.dtype()));
    return switch (op) {
      case Conv2d conv -> convolution.forward(conv, in, out).orElseGet(() -> odd(op, in, out));
      case Conv2dBias conv -> convolution.bias(conv, in, out).orElseGet(() -> odd(op, in, out));
      case Conv2dBiasAdd conv ->
          convolution.biasAdd(conv, in, out).orElseGet(() -> odd(op, in, out));
      case Conv2dGradInput conv ->
          convolution.gradInput(conv, in, out).orElseGet(() -> odd(op, in, out));
      case Conv2dGradFilter conv ->
          convolution.gradFilter(conv, in, out).orElseGet(() -> odd(op, in, out));
      case MatMul product -> matrix.bind(product, in, out);
      case MaxPool pool -> pooling.max(pool, in, out);
      case MaxPoolGrad pool -> pooling.maxGrad(pool, in, out);
      case AvgPool pool -> pooling.avg(pool, in, out).orElseGet(() -> odd(op, in, out));
      case AvgPoolGrad pool -> pooling.avgGrad(pool, in, out).orElseGet(() -> odd(op, in, out));
      case AdaptiveAvgPool pool ->
          pooling
              .adaptive(in, out)
              .or(() -> loops.adaptive(in, out))
              .orElseGet(() -> odd(op, in, out));
      case AdaptiveAvgPoolGrad pool ->
          pooling
              .adaptiveGrad(in, out)
              .or(() -> loops.adaptiveGrad(in, out))
              .orElseGet(() -> odd(op, in, out));
      case BatchNormTrain norm -> normalization.train(norm, in).orElseGet(() -> odd(op, in, out));
      case BatchNormGrad norm -> normalization.grad(norm, in).orElseGet(() -> odd(op, in, out));
      case BatchNormReluTrain fused -> normalization.trainRelu(fused.norm(), in);
      case BatchNormReluGrad fused -> normalization.gradRelu(fused.norm(), in);
      case BatchNormInfer norm -> normalization.infer(norm, in).orElseGet(() -> odd(op, in, out));
      case BatchNormFold fold -> loops.fold(fold, in).orElseGet(() -> odd(op, in, out));
      case Relu relu -> elementwise.relu(in);
      case ReluGrad relu -> elementwise.reluGrad(in);
      case Sigmoid sigmoid -> elementwise.sigmoid(in);
      case SigmoidGrad sigmoid -> elementwise.sigmoidGrad(in);
      case Tanh tanh -> elementwise.tanh(in);
      case TanhGrad tanh -> elementwise.tanhGrad(in);
      case LeakyRelu relu -> elementwise.leakyRelu(relu, in);
      case LeakyReluGrad relu -> elementwise.leakyReluGrad(relu, in);
      case Add add -> elementwise.add(in);
      case AddRelu add -> elementwise.addRelu(in);
      case Multiply multiply -> elementwise.multiply(in);
      case Scale scale -> elementwise.scale(scale, in);
      case BiasAdd bias -> elementwise.biasAdd(in);
      case BiasGrad bias -> loops.biasGrad(in).orElseGet(() -> odd(op, in, out));
      case Cast cast -> elementwise.cast(in, out).orElseGet(() -> odd(op, in, out));
      case NormalizeBytes normalize -> loops.normalize(normalize).orElseGet(() -> odd(op, in, out));
      case Concat concat -> elementwise.concat(concat, in, out);
      case Slice slice -> elementwise.slice(slice, in, out);
      case Reshape reshape -> loops.reshape(in, out).orElseGet(() -> odd(op, in, out));
      case Copy copy -> loops.copy(in);
      case Constant constant -> loops.constant(constant, out);
      case Dropout dropout -> loops.dropout(dropout, in).orElseGet(() -> odd(op, in, out));
      case FiniteCheck check -> loops.finiteCheck(check, in).orElseGet(() -> odd(op, in, out));
      case SgdStep step -> loops.sgd(step, in).orElseGet(() -> odd(op, in, out));
      case AlexNetStep step -> loops.alexNet(step, in).orElseGet(() -> odd(op, in, out));
      case AdamStep step -> loops.adam(step, in).orElseGet(() -> odd(op, in, out));
      case RmsPropStep step -> loops.rmsProp(step, in).orElseGet(() -> odd(op, in, out));
      case LocalResponseNorm norm -> response.forward(norm, in).orElseGet(() -> odd(op, in, out));
      case LocalResponseNormGrad grad ->
          response.gradient(grad.forward(), in).orElseGet(() -> odd(op, in, out));
      case BatchNormInferGrad norm -> onReference(op, in, out, RARE);
      case BatchNormAddReluTrain fused -> onReference(op, in, out, APART);
      case BatchNormAddReluGrad fused -> onReference(op, in, out, APART);
      case Pad pad -> onReference(op, in, out, RARE);
      case Transpose transpose -> onReference(op, in, out, RARE);
      case RunningAverage average ->
          reductions.runningAverage(average.momentum(), in).orElseGet(() -> odd(op, in, out));
      case Softmax softmax -> losses.softmax(in).orElseGet(() -> odd(op, in, out));
      case SoftmaxGrad softmax -> losses.softmaxGrad(in).orElseGet(() -> odd(op, in, out));
      case SoftmaxCrossEntropy loss ->
          losses.crossEntropy(loss, in).orElseGet(() -> odd(op, in, out));
      case SoftmaxCrossEntropyGrad loss ->
          losses.crossEntropyGrad(loss.forward(), in).orElseGet(() -> odd(op, in, out));
      case TopKCount count -> losses.topK(count, in).orElseGet(() -> odd(op, in, out));
      case ReduceSum sum -> reductions.sum(sum.axes(), in, out).orElseGet(() -> odd(op, in, out));
      case ReduceMean mean ->
          reductions.mean(mean.axes(), in, out).orElseGet(() -> odd(op, in, out));
      case BroadcastLike like ->
          reductions.broadcast(like.axes(), in).orElseGet(() -> odd(op, in, out));
      case LossScaleStep step -> onReference(op, in, out, SMALL);
      case SigmoidCrossEntropy loss -> onReference(op, in, out, SMALL);
      case SigmoidCrossEntropyGrad loss -> onReference(op, in, out, SMALL);
      case MulticlassHinge loss -> onReference(op, in, out, SMALL);
      case MulticlassHingeGrad loss -> onReference(op, in, out, SMALL);
      case MeanSquaredError loss -> onReference(op, in, out, SMALL);
      case MeanSquaredErrorGrad loss -> onReference(op, in, out, SMALL);
      case AllReduce reduce ->
          throw EngineException.internal("collectives are lowered before binding");
    };
  }

  /** What oneDNN lacks for these shapes, or has only as a slow loop of its own. */
  private Kernel odd(Op op, List<TensorType> in, List<TensorType> out) {
    return onReference(op, in, out, "no fast kernel for these shapes");
  }

  private Kernel onReference(Op op, List<TensorType> in, List<TensorType> out, String reason) {
    return new OnReference(reference.bind(op, in, out), reference, reason);
  }

  void close() {
    reference.close();
  }
}
