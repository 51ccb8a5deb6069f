package io.ventral.tensor;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

/**
 * A tensor in host memory outside the Java heap, in the engine's memory order (see {@link
 * Shape#memoryStrides}). Elements are read and written as doubles by memory index; {@link #index}
 * turns logical indices into one.
 */
public final class HostTensor implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final TensorType type;
  private final Optional<Arena> arena;
  private final MemorySegment memory;

  private HostTensor(TensorType type, Optional<Arena> arena, MemorySegment memory) {
    this.type = type;
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * Returns a new tensor of zeros.
   *
   * @throws EngineException RESOURCE if the host has not enough memory
   */
  public static HostTensor zeros(TensorType type) {
    Arena arena = Arena.ofShared();
    return new HostTensor(type, Optional.of(arena), allocate(type, arena));
  }

  /** Returns a tensor over memory that belongs to somebody else, who keeps it. */
  public static HostTensor over(TensorType type, MemorySegment memory) {
    return new HostTensor(type, Optional.empty(), memory);
  }

  /** Returns a new tensor whose elements are {@code values}, given in logical row-major order. */
  public static HostTensor ofRowMajor(TensorType type, double... values) {
    if (values.length != type.elements()) {
      throw EngineException.internal(values.length + " values for a tensor of type " + type);
    }
    HostTensor tensor = zeros(type);
    long[] memoryIndices = tensor.memoryIndices();
    for (int i = 0; i < values.length; i++) {
      tensor.set(memoryIndices[i], values[i]);
    }
    return tensor;
  }

  /** Returns a new scalar. */
  public static HostTensor scalar(DType dtype, double value) {
    return ofRowMajor(TensorType.of(dtype), value);
  }

  public TensorType type() {
    return type;
  }

  /** Returns the bytes of this tensor in memory order; valid until {@link #close}. */
  public MemorySegment memory() {
    return memory;
  }

  /** Returns the memory index of the element with these logical indices. */
  public long index(int... indices) {
    long[] strides = type.shape().memoryStrides();
    long index = 0;
    for (int axis = 0; axis < indices.length; axis++) {
      index += strides[axis] * indices[axis];
    }
    return index;
  }

  /** Returns the element at a memory index as a double. */
  public double get(long index) {
    return switch (type.dtype()) {
      case FLOAT64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
      case FLOAT32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case FLOAT16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case BFLOAT16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
      case INT64 -> memory.getAtIndex(ValueLayout.JAVA_LONG, index);
      case INT32 -> memory.getAtIndex(ValueLayout.JAVA_INT, index);
      case UINT8 -> memory.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case OPAQUE -> throw EngineException.internal("an opaque value has no elements");
    };
  }

  /** Stores {@code value}, rounded once to this tensor's format, at a memory index. */
  public void set(long index, double value) {
    double rounded = type.dtype().round(value);
    switch (type.dtype()) {
      case FLOAT64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, rounded);
      case FLOAT32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) rounded);
      case FLOAT16 ->
          memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16((float) rounded));
      case BFLOAT16 ->
          memory.setAtIndex(
              ValueLayout.JAVA_SHORT,
              index,
              (short) (Float.floatToRawIntBits((float) rounded) >>> 16));
      case INT64 -> memory.setAtIndex(ValueLayout.JAVA_LONG, index, (long) value);
      case INT32 -> memory.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
      case UINT8 -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (int) rounded);
      case OPAQUE -> throw EngineException.internal("an opaque value has no elements");
    }
  }

  /** Returns the value of a scalar or of a tensor with one element. */
  public double value() {
    return get(0);
  }

  /** Sets each element to a function of its place in logical row-major order (N, C, H, W). */
  public void setRowMajor(LongToDoubleFunction value) {
    Shape shape = type.shape();
    long[] strides = shape.memoryStrides();
    int[] place = new int[shape.rank()];
    long index = 0;
    for (long i = 0; i < shape.elements(); i++) {
      set(index, value.applyAsDouble(i));
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        index += strides[axis];
        if (++place[axis] < shape.extent(axis)) {
          break;
        }
        index -= strides[axis] * shape.extent(axis);
        place[axis] = 0;
      }
    }
  }

  /** Returns the elements in logical row-major order (N, C, H, W). */
  public double[] toRowMajor() {
    long[] memoryIndices = memoryIndices();
    double[] values = new double[memoryIndices.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(memoryIndices[i]);
    }
    return values;
  }

  /** Returns the memory index of each element in logical row-major order. */
  public long[] memoryIndices() {
    Shape shape = type.shape();
    long[] memory = shape.memoryStrides();
    long[] rowMajor = shape.rowMajorStrides();
    long[] indices = new long[Math.toIntExact(shape.elements())];
    for (int i = 0; i < indices.length; i++) {
      long rest = i;
      for (int axis = 0; axis < memory.length; axis++) {
        indices[i] += rest / rowMajor[axis] * memory[axis];
        rest %= rowMajor[axis];
      }
    }
    return indices;
  }

  @Override
  public void close() {
    arena.ifPresent(Arena::close);
  }

  private static MemorySegment allocate(TensorType type, Arena arena) {
    HostMemory.require("a tensor of type " + type, type.bytes());
    try {
      return arena.allocate(Math.max(1, type.bytes()), ALIGNMENT);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw new EngineException(
          ErrorKind.RESOURCE,
          "host memory: %,d bytes for a tensor of type %s".formatted(type.bytes(), type),
          e);
    }
  }
}
