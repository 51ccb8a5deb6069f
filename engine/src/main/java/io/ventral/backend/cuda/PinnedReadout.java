package io.ventral.backend.cuda;

import io.ventral.backend.Readout;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** A value on its way to the host through pinned memory of its own, behind the work launched. */
final class PinnedReadout implements Readout {
  private final OpenGpu gpu;
  private final long source;
  private final MemorySegment buffer;
  private final HostTensor copy;
  private final HostTensor target;
  private final long first;
  private final Driver.Event copied;

  PinnedReadout(OpenGpu gpu, long source, TensorType type, HostTensor target, long first) {
    this.gpu = gpu;
    this.source = source;
    this.target = target;
    this.first = first;
    buffer = gpu.pinned(Math.max(1, type.bytes()));
    copy = HostTensor.over(type, buffer);
    copied = gpu.event();
  }

  @Override
  public void begin() {
    gpu.makeCurrent();
    gpu.driver().copyToHost(buffer.address(), source, copy.type().bytes(), gpu.stream());
    gpu.driver().record(copied, gpu.stream());
  }

  @Override
  public void finish() {
    gpu.makeCurrent();
    gpu.driver().await(copied);
    Staging.copy(copy, 0, target, first, copy.type().elements());
  }
}
