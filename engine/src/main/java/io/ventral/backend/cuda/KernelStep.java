package io.ventral.backend.cuda;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A kernel of ours with its launch shape and parameters. */
record KernelStep(
    OpenGpu gpu, Driver.Function function, LaunchShape shape, List<Argument> arguments)
    implements Step {
  private static final long SLOT_BYTES = Long.BYTES;

  /** The parameters lie in memory of the host for as long as the device is open. */
  @Override
  public Launch place(Operands operands) {
    int count = arguments.size();
    MemorySegment addresses = gpu.arena().allocate(ValueLayout.ADDRESS, count);
    MemorySegment values = gpu.arena().allocate(ValueLayout.JAVA_LONG, count);
    for (int i = 0; i < count; i++) {
      MemorySegment slot = values.asSlice(i * SLOT_BYTES, SLOT_BYTES);
      arguments.get(i).write(slot, operands);
      addresses.setAtIndex(ValueLayout.ADDRESS, i, slot);
    }
    long parameters = addresses.address();
    return () -> gpu.driver().launch(function, shape, parameters, gpu.stream());
  }
}
