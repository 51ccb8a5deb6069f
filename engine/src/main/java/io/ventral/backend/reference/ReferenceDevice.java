package io.ventral.backend.reference;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** The reference device: memory is an array of double, a launch runs at once in the caller. */
public final class ReferenceDevice implements Device {
  private final DeviceId id;
  private final ParallelLoop parallel;

  public ReferenceDevice(DeviceId id, int threads) {
    this.id = id;
    this.parallel = new ParallelLoop(threads);
  }

  @Override
  public DeviceId id() {
    return id;
  }

  @Override
  public long bytes(TensorType type) {
    return Math.multiplyExact(type.elements(), (long) Double.BYTES);
  }

  @Override
  public Kernel bind(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    return ReferenceKernels.bind(op, inputs, outputs, parallel);
  }

  @Override
  public Memory allocate(String what, long bytes) {
    long elements = bytes / Double.BYTES;
    try {
      // The virtual machine refuses arrays within a few elements of the largest index.
      if (elements <= Integer.MAX_VALUE - 8) {
        return new DoubleMemory(new double[(int) elements]);
      }
    } catch (OutOfMemoryError e) {
      throw tooLarge(what, bytes);
    }
    throw tooLarge(what, bytes);
  }

  private EngineException tooLarge(String what, long bytes) {
    return EngineException.resource(
        "%s: %,d MiB for %s, but the Java heap has %,d MiB in all and one block at most 16,384 MiB; use a smaller batch"
            .formatted(id, bytes >> 20, what, Runtime.getRuntime().maxMemory() >> 20));
  }

  @Override
  public void upload(HostTensor source, long first, Region target) {
    Elements elements = ReferenceKernel.elements(target);
    if (source.type().dtype() == DType.FLOAT64) {
      long begin = first * Double.BYTES;
      MemorySegment.copy(
          source.memory(),
          JAVA_DOUBLE,
          begin,
          elements.data(),
          elements.offset(),
          elements.count());
      return;
    }
    for (int i = 0; i < elements.count(); i++) {
      elements.set(i, source.get(first + i));
    }
  }

  @Override
  public void download(Region source, HostTensor target, long first) {
    Elements elements = ReferenceKernel.elements(source);
    if (target.type().dtype() == DType.FLOAT64) {
      long begin = first * Double.BYTES;
      MemorySegment.copy(
          elements.data(),
          elements.offset(),
          target.memory(),
          JAVA_DOUBLE,
          begin,
          elements.count());
      return;
    }
    for (int i = 0; i < elements.count(); i++) {
      target.set(first + i, elements.get(i));
    }
  }

  @Override
  public void poison(Region region) {
    Elements elements = ReferenceKernel.elements(region);
    Arrays.fill(
        elements.data(), elements.offset(), elements.offset() + elements.count(), Double.NaN);
  }

  @Override
  public void close() {
    parallel.close();
  }
}
