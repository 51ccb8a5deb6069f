package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * An operation: what is computed from which attributes, without a word on devices. Operations are
 * pure; they are applied to values by a graph.
 *
 * <p>An operation is added in six places, and forgetting one fails the build: (1) its record here;
 * (2) its reference kernel; (3) its kernel, or an explicit case that says why there is none, in
 * every other backend; (4) its gradient rule, below; (5) its cases in {@code check.OpCases}, from
 * which shape, gradient, parity and speed checks are made; (6) its line in {@code
 * rewrite.Arithmetic}, whether mixed precision lets it compute in 16 bits.
 */
public sealed interface Op
    permits AdaptiveAvgPool,
        AdaptiveAvgPoolGrad,
        Add,
        AddRelu,
        AllReduce,
        AvgPool,
        AvgPoolGrad,
        BatchNormAddReluGrad,
        BatchNormAddReluTrain,
        BatchNormFold,
        BatchNormGrad,
        BatchNormInfer,
        BatchNormInferGrad,
        BatchNormReluGrad,
        BatchNormReluTrain,
        BatchNormTrain,
        BiasAdd,
        BiasGrad,
        BiasedConv2d,
        BroadcastLike,
        Cast,
        Concat,
        Constant,
        Conv2d,
        Conv2dGradFilter,
        Conv2dGradInput,
        Copy,
        Dropout,
        FiniteCheck,
        LeakyRelu,
        LeakyReluGrad,
        LocalResponseNorm,
        LocalResponseNormGrad,
        LossScaleStep,
        MatMul,
        MaxPool,
        MaxPoolGrad,
        MeanSquaredError,
        MeanSquaredErrorGrad,
        MulticlassHinge,
        MulticlassHingeGrad,
        Multiply,
        NormalizeBytes,
        OptimizerStep,
        Pad,
        ReduceMean,
        ReduceSum,
        Relu,
        ReluGrad,
        Reshape,
        RunningAverage,
        Scale,
        Sigmoid,
        SigmoidCrossEntropy,
        SigmoidCrossEntropyGrad,
        SigmoidGrad,
        Slice,
        Softmax,
        SoftmaxCrossEntropy,
        SoftmaxCrossEntropyGrad,
        SoftmaxGrad,
        Tanh,
        TanhGrad,
        TopKCount,
        Transpose {

  /**
   * Returns the types of the outputs for inputs of these types.
   *
   * @throws EngineException USER if the inputs do not fit; the graph adds layer and types to the
   *     text
   */
  List<TensorType> outputTypes(List<TensorType> inputs);

  /**
   * Returns, for each input, its gradient as a value emitted into the graph, or empty where there
   * is none or none is wanted.
   *
   * @throws EngineException UNSUPPORTED for gradient and update operations: no second derivatives
   */
  default List<Optional<Value>> gradient(Backward backward) {
    throw EngineException.unsupported(
        label() + " has no gradient: second derivatives are not offered");
  }

  /** Returns the number of multiply-adds for inputs and outputs of these types. */
  default long multiplyAdds(List<TensorType> inputs, List<TensorType> outputs) {
    return 0;
  }

  /**
   * Returns the bytes that have to be moved for inputs and outputs of these types where caches hold
   * nothing for long: what is read and written once, and what has to be read again. What kernels
   * save for one another is not counted.
   */
  default long bytesMoved(List<TensorType> inputs, List<TensorType> outputs) {
    long bytes = 0;
    for (int i = 0; i < inputs.size(); i++) {
      bytes += readsOnlyShape(i) ? 0 : inputs.get(i).bytes();
    }
    for (TensorType output : outputs) {
      bytes += output.bytes();
    }
    return bytes;
  }

  /**
   * Returns whether {@code output} is a sum over the samples of axis 0, so that shards of the batch
   * give partial sums. Otherwise a batch-sharded input gives batch-sharded outputs.
   */
  default boolean sumsOverBatch(int output) {
    return false;
  }

  /**
   * Returns whether the operation is linear in its inputs taken together, so that applying it to
   * the parts of a sum gives the parts of the result.
   */
  default boolean isLinear() {
    return false;
  }

  /**
   * Returns the operation for one share of the batch.
   *
   * @throws EngineException UNSUPPORTED if the samples of the batch cannot be told apart
   */
  default Op shard(BatchShard shard) {
    return this;
  }

  /** Returns whether only the shape of {@code input} matters: its contents are never read. */
  default boolean readsOnlyShape(int input) {
    return false;
  }

  /**
   * Returns whether {@code input} holds a number for each channel, such as a scale: kept in FLOAT32
   * where values have 16 bits.
   */
  default boolean isPerChannel(int input) {
    return false;
  }

  /**
   * Returns the operation with its attributes for messages, such as {@code Conv2d 5x5 stride 1}.
   */
  default String label() {
    return getClass().getSimpleName();
  }
}
