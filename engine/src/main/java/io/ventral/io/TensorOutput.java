package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Appends tensors to a file, row-major and little-endian, and sums them up. A tensor whose memory
 * order is another one passes through a small block of samples, never through a whole copy.
 */
final class TensorOutput {
  private static final long BLOCK_BYTES = 8 << 20;

  private final FileChannel channel;
  private final CRC32C checksum = new CRC32C();

  TensorOutput(FileChannel channel) {
    this(channel, new byte[0]);
  }

  /** Appends to what lies in the file before, or will do so. */
  TensorOutput(FileChannel channel, byte[] before) {
    this.channel = channel;
    checksum.update(before);
  }

  /** Returns the CRC-32C of what lies before and everything written so far. */
  int checksum() {
    return (int) checksum.getValue();
  }

  void write(HostTensor tensor) throws IOException {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw EngineException.unsupported("writing tensors needs a little-endian machine");
    }
    Shape shape = tensor.type().shape();
    if (Arrays.equals(shape.memoryStrides(), shape.rowMajorStrides())) {
      write(tensor.memory().asSlice(0, tensor.type().bytes()));
    } else {
      writeInBlocks(tensor);
    }
  }

  /** Axis 0 is outermost in both orders, so that a range of samples is a range of both. */
  private void writeInBlocks(HostTensor tensor) throws IOException {
    TensorType type = tensor.type();
    long sampleBytes = type.shape().elementsPerSample() * type.dtype().bytes();
    int step = Math.clamp(BLOCK_BYTES / sampleBytes, 1, type.extent(0));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(step * sampleBytes);
      for (int first = 0; first < type.extent(0); first += step) {
        int samples = Math.min(step, type.extent(0) - first);
        Shape part = type.shape().with(0, samples);
        MemorySegment source = tensor.memory().asSlice(first * sampleBytes, samples * sampleBytes);
        new Transposition(part, part.memoryStrides(), part.rowMajorStrides())
            .forEachRun(new ElementCopy(source, block, type.dtype().bytes()));
        write(block.asSlice(0, samples * sampleBytes));
      }
    }
  }

  private void write(MemorySegment bytes) throws IOException {
    for (long start = 0; start < bytes.byteSize(); start += BLOCK_BYTES) {
      long length = Math.min(BLOCK_BYTES, bytes.byteSize() - start);
      ByteBuffer block = bytes.asSlice(start, length).asByteBuffer();
      checksum.update(block.duplicate());
      AtomicFile.writeFully(channel, block);
    }
  }
}
