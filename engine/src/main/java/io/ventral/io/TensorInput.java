package io.ventral.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Makes tensors in the engine's memory order of elements as they lie in a file. */
final class TensorInput {
  private TensorInput() {}

  /** Returns the tensor whose little-endian elements {@code bytes} holds in row-major order. */
  static HostTensor rowMajor(TensorType type, MemorySegment bytes) {
    return read(type, bytes, type.shape().rowMajorStrides(), ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the tensor whose elements lie in {@code bytes} with these strides and byte order. */
  static HostTensor read(
      TensorType type, MemorySegment bytes, long[] fileStrides, ByteOrder byteOrder) {
    HostTensor tensor = HostTensor.zeros(type);
    new Transposition(type.shape(), fileStrides, type.shape().memoryStrides())
        .forEachRun(new ElementCopy(bytes, tensor.memory(), type.dtype().bytes()));
    if (byteOrder != ByteOrder.nativeOrder()) {
      swapBytes(tensor);
    }
    return tensor;
  }

  private static void swapBytes(HostTensor tensor) {
    MemorySegment memory = tensor.memory();
    ValueLayout layout =
        switch (tensor.type().dtype().bytes()) {
          case 1 -> JAVA_BYTE;
          case 2 -> JAVA_SHORT_UNALIGNED;
          case 4 -> JAVA_INT_UNALIGNED;
          case 8 -> JAVA_LONG_UNALIGNED;
          default -> throw EngineException.internal("no byte order for " + tensor.type());
        };
    ValueLayout little = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout big = layout.withOrder(ByteOrder.BIG_ENDIAN);
    MemorySegment.copy(memory, little, 0, memory, big, 0, tensor.type().elements());
  }
}
