package io.ventral.backend.onednn.primitive;

import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One convolution as oneDNN asks for it. The gradient of a filter may have a finer format than x.
 *
 * @param x input, whether it is given or, as a gradient, computed; so filter and y
 */
public record ConvolutionProblem(
    Dnnl dnnl, Window2d window, int groups, TensorType x, TensorType filter, TensorType y) {
  /** oneDNN's direct algorithm; ours are not its. */
  public static final int DIRECT = 1;

  /** Returns whether the window covers the whole input: a dense layer. */
  public boolean isDense() {
    return groups == 1 && window.covers(x.extent(2), x.extent(3));
  }

  /** Returns {samples, inputs, outputs} of a dense layer. */
  public long[] dense() {
    return new long[] {x.extent(0), x.shape().elementsPerSample(), y.extent(1)};
  }

  /** Returns whether all three operands are FLOAT32. */
  public boolean isFloat32() {
    return Stream.of(x, filter, y).allMatch(type -> type.dtype() == DType.FLOAT32);
  }

  /** Returns whether every pixel is multiplied by one matrix: a window of 1×1 step by step. */
  public boolean isPointwise() {
    return groups == 1 && isPoint(window.vertical()) && isPoint(window.horizontal());
  }

  private static boolean isPoint(WindowAxis axis) {
    return axis.kernel() == 1
        && axis.stride() == 1
        && axis.padBefore() == 0
        && axis.padAfter() == 0;
  }

  /** Returns {outputs, pixels, inputs} of a pointwise convolution. */
  public long[] pointwise() {
    return new long[] {y.extent(1), x.elements() / x.extent(1), x.extent(1)};
  }

  /** Returns the forward primitive, which the gradients ask for as a hint. */
  public PrimitiveDescriptor forward(Optional<Ending> ending) {
    return forward(dnnl.descriptor(x), dnnl.descriptor(y), ending);
  }

  /** Returns the forward primitive on images in the order of these descriptors. */
  public PrimitiveDescriptor forward(MemorySegment x, MemorySegment y, Optional<Ending> ending) {
    return Ending.primitive(
        ending,
        dnnl,
        "dnnl_convolution_forward_primitive_desc_create",
        Dnnl.FORWARD_TRAINING,
        DIRECT,
        x,
        anyFilter(this.x.dtype()),
        ending.isPresent() ? bias() : MemorySegment.NULL,
        y,
        strides(),
        dilations(),
        padsBefore(),
        padsAfter());
  }

  /** Returns the primitive of the input's gradient on images in the order of these descriptors. */
  public PrimitiveDescriptor gradInput(
      MemorySegment dx, MemorySegment dy, PrimitiveDescriptor forward) {
    return dnnl.primitive(
        "dnnl_convolution_backward_data_primitive_desc_create",
        DIRECT,
        dx,
        anyFilter(),
        dy,
        strides(),
        dilations(),
        padsBefore(),
        padsAfter(),
        forward.handle());
  }

  /** Returns the descriptor of the bias. */
  public MemorySegment bias() {
    return dnnl.descriptor(TensorType.of(y.dtype().accumulator(), y.extent(1)));
  }

  /** Returns the descriptor of a filter in an order that the primitive may choose. */
  public MemorySegment anyFilter() {
    return anyFilter(filter.dtype());
  }

  private MemorySegment anyFilter(DType dtype) {
    return dnnl.any(dtype, filterExtents());
  }

  /** Returns the descriptor of the filter in our order; groups are an axis of their own. */
  public MemorySegment plainFilter() {
    Shape shape = filter.shape();
    long[] own = shape.memoryStrides();
    long[] strides =
        groups == 1
            ? own
            : new long[] {own[0] * (shape.extent(0) / groups), own[0], own[1], own[2], own[3]};
    return dnnl.descriptor(filter.dtype(), filterExtents(), strides);
  }

  private long[] filterExtents() {
    Shape shape = filter.shape();
    return groups == 1
        ? new long[] {shape.extent(0), shape.extent(1), shape.extent(2), shape.extent(3)}
        : new long[] {
          groups, shape.extent(0) / groups, shape.extent(1), shape.extent(2), shape.extent(3)
        };
  }

  /** Returns {rows, columns} from one window to the next. */
  public MemorySegment strides() {
    return dnnl.numbers(window.vertical().stride(), window.horizontal().stride());
  }

  /** OneDNN counts the elements between two taps. */
  public MemorySegment dilations() {
    return dnnl.numbers(window.vertical().dilation() - 1, window.horizontal().dilation() - 1);
  }

  /** Returns {rows, columns} of padding before the input. */
  public MemorySegment padsBefore() {
    return dnnl.numbers(window.vertical().padBefore(), window.horizontal().padBefore());
  }

  /** Returns {rows, columns} of padding behind the input. */
  public MemorySegment padsAfter() {
    return dnnl.numbers(window.vertical().padAfter(), window.horizontal().padAfter());
  }
}
