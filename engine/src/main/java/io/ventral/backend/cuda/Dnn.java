package io.ventral.backend.cuda;

import static jcuda.jcudnn.cudnnActivationMode.CUDNN_ACTIVATION_IDENTITY;
import static jcuda.jcudnn.cudnnActivationMode.CUDNN_ACTIVATION_RELU;
import static jcuda.jcudnn.cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_BFLOAT16;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_HALF;
import static jcuda.jcudnn.cudnnDeterminism.CUDNN_DETERMINISTIC;
import static jcuda.jcudnn.cudnnNanPropagation.CUDNN_NOT_PROPAGATE_NAN;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NHWC;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * CuDNN's convolutions; the only class that calls it. Every call fails with DEVICE, naming the
 * call, its arguments and cuDNN's own word for the error, which differs from version to version.
 *
 * @param who the device, named in errors
 */
record Dnn(String who) {
  /** What is called, by the names in the library. */
  static final String SYMBOLS =
      """
      cudnnGetVersion cudnnGetErrorString cudnnCreate cudnnDestroy cudnnSetStream
      cudnnCreateTensorDescriptor cudnnDestroyTensorDescriptor cudnnSetTensor4dDescriptor
      cudnnCreateFilterDescriptor cudnnDestroyFilterDescriptor cudnnSetFilter4dDescriptor
      cudnnCreateConvolutionDescriptor cudnnDestroyConvolutionDescriptor
      cudnnSetConvolution2dDescriptor cudnnSetConvolutionGroupCount cudnnSetConvolutionMathType
      cudnnFindConvolutionForwardAlgorithmEx cudnnConvolutionForward
      cudnnFindConvolutionBackwardDataAlgorithmEx cudnnConvolutionBackwardData
      cudnnFindConvolutionBackwardFilterAlgorithmEx cudnnConvolutionBackwardFilter
      cudnnCreateActivationDescriptor cudnnDestroyActivationDescriptor
      cudnnSetActivationDescriptor cudnnConvolutionBiasActivationForward
      """;

  private static final int SUCCESS = 0;

  /** How the names of all errors begin that say so. */
  private static final String NOT_SUPPORTED = "CUDNN_STATUS_NOT_SUPPORTED";

  private static final int MAX_ALGORITHMS = 16;
  private static final double MILLISECONDS = 1e-3;

  Dnn {
    JCudnn.setExceptionsEnabled(false);
  }

  /** The state of the library for one GPU. */
  record Handle(cudnnHandle value) {}

  /** Which convolution is computed by which algorithm. */
  record Call(Direction direction, int algorithm) {}

  /** What the library knows of one convolution: x, filter, y and how they belong together. */
  record Descriptors(
      cudnnTensorDescriptor x,
      cudnnFilterDescriptor filter,
      cudnnTensorDescriptor y,
      cudnnConvolutionDescriptor convolution) {}

  /** Where x, filter and y of a convolution lie, and its scratch. */
  record Addresses(long x, long filter, long y, long workspace, long workspaceBytes) {}

  /** Returns for example 90501 for 9.5.1. */
  long version() {
    return JCudnn.cudnnGetVersion();
  }

  Handle create() {
    cudnnHandle handle = new cudnnHandle();
    check(JCudnn.cudnnCreate(handle), "cudnnCreate");
    return new Handle(handle);
  }

  void destroy(Handle handle) {
    check(JCudnn.cudnnDestroy(handle.value()), "cudnnDestroy");
  }

  void use(Handle handle, Driver.Stream stream) {
    check(JCudnn.cudnnSetStream(handle.value(), stream.forLibraries()), "cudnnSetStream");
  }

  /** Returns descriptors, to be destroyed by {@link #destroy(Descriptors)}. */
  Descriptors describe(Convolution problem, int mathType) {
    Descriptors descriptors =
        new Descriptors(
            tensor(problem.x()),
            filter(problem.filter()),
            tensor(problem.y()),
            new cudnnConvolutionDescriptor());
    check(
        JCudnn.cudnnCreateConvolutionDescriptor(descriptors.convolution()),
        "cudnnCreateConvolutionDescriptor");
    check(
        JCudnn.cudnnSetConvolution2dDescriptor(
            descriptors.convolution(),
            problem.window().vertical().padBefore(),
            problem.window().horizontal().padBefore(),
            problem.window().vertical().stride(),
            problem.window().horizontal().stride(),
            problem.window().vertical().dilation(),
            problem.window().horizontal().dilation(),
            CUDNN_CROSS_CORRELATION,
            CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor",
        problem);
    check(
        JCudnn.cudnnSetConvolutionGroupCount(descriptors.convolution(), problem.groups()),
        "cudnnSetConvolutionGroupCount",
        problem.groups());
    check(
        JCudnn.cudnnSetConvolutionMathType(descriptors.convolution(), mathType),
        "cudnnSetConvolutionMathType",
        mathType);
    return descriptors;
  }

  private cudnnTensorDescriptor tensor(TensorType type) {
    cudnnTensorDescriptor descriptor = new cudnnTensorDescriptor();
    check(JCudnn.cudnnCreateTensorDescriptor(descriptor), "cudnnCreateTensorDescriptor");
    Shape shape = type.shape();
    check(
        JCudnn.cudnnSetTensor4dDescriptor(
            descriptor,
            CUDNN_TENSOR_NHWC,
            dataType(type.dtype()),
            shape.extent(0),
            shape.extent(1),
            shape.extent(2),
            shape.extent(3)),
        "cudnnSetTensor4dDescriptor",
        type);
    return descriptor;
  }

  private cudnnFilterDescriptor filter(TensorType type) {
    cudnnFilterDescriptor descriptor = new cudnnFilterDescriptor();
    check(JCudnn.cudnnCreateFilterDescriptor(descriptor), "cudnnCreateFilterDescriptor");
    Shape shape = type.shape();
    check(
        JCudnn.cudnnSetFilter4dDescriptor(
            descriptor,
            dataType(type.dtype()),
            CUDNN_TENSOR_NHWC,
            shape.extent(0),
            shape.extent(1),
            shape.extent(2),
            shape.extent(3)),
        "cudnnSetFilter4dDescriptor",
        type);
    return descriptor;
  }

  private static int dataType(DType dtype) {
    return switch (Format.of(dtype)) {
      case FLOAT32 -> CUDNN_DATA_FLOAT;
      case FLOAT16 -> CUDNN_DATA_HALF;
      case BFLOAT16 -> CUDNN_DATA_BFLOAT16;
    };
  }

  void destroy(Descriptors descriptors) {
    check(
        JCudnn.cudnnDestroyConvolutionDescriptor(descriptors.convolution()),
        "cudnnDestroyConvolutionDescriptor");
    check(JCudnn.cudnnDestroyTensorDescriptor(descriptors.x()), "cudnnDestroyTensorDescriptor");
    check(JCudnn.cudnnDestroyTensorDescriptor(descriptors.y()), "cudnnDestroyTensorDescriptor");
    check(
        JCudnn.cudnnDestroyFilterDescriptor(descriptors.filter()), "cudnnDestroyFilterDescriptor");
  }

  /** Returns what was measured of every algorithm, the fastest first; the operands are garbage. */
  List<Measured> find(Handle handle, Direction direction, Descriptors d, Addresses a) {
    cudnnHandle h = handle.value();
    Pointer x = at(a.x());
    Pointer w = at(a.filter());
    Pointer y = at(a.y());
    Pointer space = at(a.workspace());
    long bytes = a.workspaceBytes();
    var c = d.convolution();
    int[] n = new int[1];
    return switch (direction) {
      case FORWARD -> {
        var all = new cudnnConvolutionFwdAlgoPerf[MAX_ALGORITHMS];
        Arrays.setAll(all, i -> new cudnnConvolutionFwdAlgoPerf());
        check(
            JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
                h, d.x(), x, d.filter(), w, c, d.y(), y, all.length, n, all, space, bytes),
            "cudnnFindConvolutionForwardAlgorithmEx",
            a);
        yield Arrays.stream(all, 0, n[0])
            .map(r -> measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism))
            .toList();
      }
      case BACKWARD_DATA -> {
        var all = new cudnnConvolutionBwdDataAlgoPerf[MAX_ALGORITHMS];
        Arrays.setAll(all, i -> new cudnnConvolutionBwdDataAlgoPerf());
        check(
            JCudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
                h, d.filter(), w, d.y(), y, c, d.x(), x, all.length, n, all, space, bytes),
            "cudnnFindConvolutionBackwardDataAlgorithmEx",
            a);
        yield Arrays.stream(all, 0, n[0])
            .map(r -> measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism))
            .toList();
      }
      case BACKWARD_FILTER -> {
        var all = new cudnnConvolutionBwdFilterAlgoPerf[MAX_ALGORITHMS];
        Arrays.setAll(all, i -> new cudnnConvolutionBwdFilterAlgoPerf());
        check(
            JCudnn.cudnnFindConvolutionBackwardFilterAlgorithmEx(
                h, d.x(), x, d.y(), y, c, d.filter(), w, all.length, n, all, space, bytes),
            "cudnnFindConvolutionBackwardFilterAlgorithmEx",
            a);
        yield Arrays.stream(all, 0, n[0])
            .map(r -> measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism))
            .toList();
      }
    };
  }

  private static Measured measured(
      int algorithm, int mathType, int status, float time, long memory, int determinism) {
    return new Measured(
        algorithm,
        mathType,
        status == SUCCESS,
        time * MILLISECONDS,
        memory,
        determinism == CUDNN_DETERMINISTIC);
  }

  /** Enqueues a convolution. */
  void convolve(Handle handle, Call call, Descriptors d, Addresses a) {
    cudnnHandle h = handle.value();
    Pointer one = Pointer.to(new float[] {1});
    Pointer zero = Pointer.to(new float[] {0});
    Pointer x = at(a.x());
    Pointer w = at(a.filter());
    Pointer y = at(a.y());
    Pointer space = at(a.workspace());
    long bytes = a.workspaceBytes();
    var c = d.convolution();
    int n = call.algorithm();
    switch (call.direction()) {
      case FORWARD ->
          check(
              JCudnn.cudnnConvolutionForward(
                  h, one, d.x(), x, d.filter(), w, c, n, space, bytes, zero, d.y(), y),
              "cudnnConvolutionForward",
              n,
              a);
      case BACKWARD_DATA ->
          check(
              JCudnn.cudnnConvolutionBackwardData(
                  h, one, d.filter(), w, d.y(), y, c, n, space, bytes, zero, d.x(), x),
              "cudnnConvolutionBackwardData",
              n,
              a);
      case BACKWARD_FILTER ->
          check(
              JCudnn.cudnnConvolutionBackwardFilter(
                  h, one, d.x(), x, d.y(), y, c, n, space, bytes, zero, d.filter(), w),
              "cudnnConvolutionBackwardFilter",
              n,
              a);
    }
  }

  /**
   * What is done behind a convolution.
   *
   * @param bias one number a channel, in the format of y
   */
  record Ending(cudnnTensorDescriptor bias, cudnnActivationDescriptor activation) {}

  /** Returns what is known of an ending, to be destroyed by {@link #destroy(Ending)}. */
  Ending ending(TensorType y, boolean relu) {
    Ending ending =
        new Ending(
            tensor(TensorType.of(y.dtype(), 1, y.extent(1), 1, 1)),
            new cudnnActivationDescriptor());
    check(
        JCudnn.cudnnCreateActivationDescriptor(ending.activation()),
        "cudnnCreateActivationDescriptor");
    // Behind a convolution cuDNN has no ReLU that lets NaN through.
    int mode = relu ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_IDENTITY;
    check(
        JCudnn.cudnnSetActivationDescriptor(ending.activation(), mode, CUDNN_NOT_PROPAGATE_NAN, 0),
        "cudnnSetActivationDescriptor",
        mode);
    return ending;
  }

  void destroy(Ending ending) {
    check(
        JCudnn.cudnnDestroyActivationDescriptor(ending.activation()),
        "cudnnDestroyActivationDescriptor");
    check(JCudnn.cudnnDestroyTensorDescriptor(ending.bias()), "cudnnDestroyTensorDescriptor");
  }

  /**
   * Where what is added lies.
   *
   * @param addend of the shape of y; 0 for none
   */
  record Added(long bias, long addend) {}

  /** Enqueues y = f(convolution + addend + bias), rounded once; y may lie over the addend. */
  void convolve(
      Handle handle, int algorithm, Descriptors d, Ending ending, Addresses a, Added added) {
    int status = status(handle, algorithm, d, ending, a, added);
    check(status, "cudnnConvolutionBiasActivationForward", algorithm, a, added);
  }

  /** Tries the same; returns whether cuDNN can do it. */
  boolean convolves(
      Handle handle, int algorithm, Descriptors d, Ending ending, Addresses a, Added added) {
    int status = status(handle, algorithm, d, ending, a, added);
    if (JCudnn.cudnnGetErrorString(status).startsWith(NOT_SUPPORTED)) {
      return false;
    }
    check(status, "cudnnConvolutionBiasActivationForward", algorithm, a, added);
    return true;
  }

  private static int status(
      Handle handle, int algorithm, Descriptors d, Ending ending, Addresses a, Added added) {
    boolean sum = added.addend() != 0;
    return JCudnn.cudnnConvolutionBiasActivationForward(
        handle.value(),
        Pointer.to(new float[] {1}),
        d.x(),
        at(a.x()),
        d.filter(),
        at(a.filter()),
        d.convolution(),
        algorithm,
        at(a.workspace()),
        a.workspaceBytes(),
        Pointer.to(new float[] {sum ? 1 : 0}),
        d.y(),
        at(sum ? added.addend() : a.y()),
        ending.bias(),
        at(added.bias()),
        ending.activation(),
        d.y(),
        at(a.y()));
  }

  private static Pointer at(long address) {
    return new Pointer().withByteOffset(address);
  }

  private void check(int status, String call, Object... arguments) {
    if (status != SUCCESS) {
      throw EngineException.device(
          "%s: %s: %s"
              .formatted(who, CallText.of(call, arguments), JCudnn.cudnnGetErrorString(status)));
    }
  }
}
