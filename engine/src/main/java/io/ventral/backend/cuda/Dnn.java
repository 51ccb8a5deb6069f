package io.ventral.backend.cuda;

import static jcuda.jcudnn.cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_BFLOAT16;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_HALF;
import static jcuda.jcudnn.cudnnDeterminism.CUDNN_DETERMINISTIC;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NHWC;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
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
      cudnnGetConvolutionForwardWorkspaceSize cudnnGetConvolutionBackwardDataWorkspaceSize
      cudnnGetConvolutionBackwardFilterWorkspaceSize
      """;

  private static final int SUCCESS = 0;
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
    return switch (dtype) {
      case FLOAT32 -> CUDNN_DATA_FLOAT;
      case FLOAT16 -> CUDNN_DATA_HALF;
      case BFLOAT16 -> CUDNN_DATA_BFLOAT16;
      case FLOAT64, INT64, INT32, UINT8, OPAQUE ->
          throw EngineException.internal("no convolution of " + dtype);
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
    int[] count = new int[1];
    List<Measured> found = new ArrayList<>();
    switch (direction) {
      case FORWARD -> {
        var results = new cudnnConvolutionFwdAlgoPerf[MAX_ALGORITHMS];
        for (int i = 0; i < MAX_ALGORITHMS; i++) {
          results[i] = new cudnnConvolutionFwdAlgoPerf();
        }
        check(
            JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
                handle.value(),
                d.x(),
                at(a.x()),
                d.filter(),
                at(a.filter()),
                d.convolution(),
                d.y(),
                at(a.y()),
                MAX_ALGORITHMS,
                count,
                results,
                at(a.workspace()),
                a.workspaceBytes()),
            "cudnnFindConvolutionForwardAlgorithmEx",
            a);
        for (int i = 0; i < count[0]; i++) {
          var r = results[i];
          found.add(measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism));
        }
      }
      case BACKWARD_DATA -> {
        var results = new cudnnConvolutionBwdDataAlgoPerf[MAX_ALGORITHMS];
        for (int i = 0; i < MAX_ALGORITHMS; i++) {
          results[i] = new cudnnConvolutionBwdDataAlgoPerf();
        }
        check(
            JCudnn.cudnnFindConvolutionBackwardDataAlgorithmEx(
                handle.value(),
                d.filter(),
                at(a.filter()),
                d.y(),
                at(a.y()),
                d.convolution(),
                d.x(),
                at(a.x()),
                MAX_ALGORITHMS,
                count,
                results,
                at(a.workspace()),
                a.workspaceBytes()),
            "cudnnFindConvolutionBackwardDataAlgorithmEx",
            a);
        for (int i = 0; i < count[0]; i++) {
          var r = results[i];
          found.add(measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism));
        }
      }
      case BACKWARD_FILTER -> {
        var results = new cudnnConvolutionBwdFilterAlgoPerf[MAX_ALGORITHMS];
        for (int i = 0; i < MAX_ALGORITHMS; i++) {
          results[i] = new cudnnConvolutionBwdFilterAlgoPerf();
        }
        check(
            JCudnn.cudnnFindConvolutionBackwardFilterAlgorithmEx(
                handle.value(),
                d.x(),
                at(a.x()),
                d.y(),
                at(a.y()),
                d.convolution(),
                d.filter(),
                at(a.filter()),
                MAX_ALGORITHMS,
                count,
                results,
                at(a.workspace()),
                a.workspaceBytes()),
            "cudnnFindConvolutionBackwardFilterAlgorithmEx",
            a);
        for (int i = 0; i < count[0]; i++) {
          var r = results[i];
          found.add(measured(r.algo, r.mathType, r.status, r.time, r.memory, r.determinism));
        }
      }
    }
    return found;
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

  /** Returns the bytes of scratch that {@code algorithm} needs. */
  long workspaceBytes(Handle handle, Direction direction, Descriptors d, int algorithm) {
    long[] bytes = new long[1];
    switch (direction) {
      case FORWARD ->
          check(
              JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                  handle.value(), d.x(), d.filter(), d.convolution(), d.y(), algorithm, bytes),
              "cudnnGetConvolutionForwardWorkspaceSize",
              algorithm);
      case BACKWARD_DATA ->
          check(
              JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                  handle.value(), d.filter(), d.y(), d.convolution(), d.x(), algorithm, bytes),
              "cudnnGetConvolutionBackwardDataWorkspaceSize",
              algorithm);
      case BACKWARD_FILTER ->
          check(
              JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                  handle.value(), d.x(), d.y(), d.convolution(), d.filter(), algorithm, bytes),
              "cudnnGetConvolutionBackwardFilterWorkspaceSize",
              algorithm);
    }
    return bytes[0];
  }

  /** Enqueues a convolution. */
  void convolve(Handle handle, Call call, Descriptors d, Addresses a) {
    Pointer alpha = Pointer.to(new float[] {1});
    Pointer beta = Pointer.to(new float[] {0});
    int algorithm = call.algorithm();
    switch (call.direction()) {
      case FORWARD ->
          check(
              JCudnn.cudnnConvolutionForward(
                  handle.value(),
                  alpha,
                  d.x(),
                  at(a.x()),
                  d.filter(),
                  at(a.filter()),
                  d.convolution(),
                  algorithm,
                  at(a.workspace()),
                  a.workspaceBytes(),
                  beta,
                  d.y(),
                  at(a.y())),
              "cudnnConvolutionForward",
              algorithm,
              a);
      case BACKWARD_DATA ->
          check(
              JCudnn.cudnnConvolutionBackwardData(
                  handle.value(),
                  alpha,
                  d.filter(),
                  at(a.filter()),
                  d.y(),
                  at(a.y()),
                  d.convolution(),
                  algorithm,
                  at(a.workspace()),
                  a.workspaceBytes(),
                  beta,
                  d.x(),
                  at(a.x())),
              "cudnnConvolutionBackwardData",
              algorithm,
              a);
      case BACKWARD_FILTER ->
          check(
              JCudnn.cudnnConvolutionBackwardFilter(
                  handle.value(),
                  alpha,
                  d.x(),
                  at(a.x()),
                  d.y(),
                  at(a.y()),
                  d.convolution(),
                  algorithm,
                  at(a.workspace()),
                  a.workspaceBytes(),
                  beta,
                  d.filter(),
                  at(a.filter())),
              "cudnnConvolutionBackwardFilter",
              algorithm,
              a);
    }
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
