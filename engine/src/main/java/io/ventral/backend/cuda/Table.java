package io.ventral.backend.cuda;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * A table of 64-bit words that a kernel reads, such as the addresses of many operands. It is put
 * together in pinned memory of the host when the operands have their place, and copied to scratch
 * on the GPU in front of the kernel at every launch, for the scratch has other uses between.
 *
 * @param words what the table holds
 */
record Table(OpenGpu gpu, Argument.Address scratch, Function<Operands, long[]> words)
    implements Step {
  @Override
  public Launch place(Operands operands) {
    long[] contents = words.apply(operands);
    long bytes = (long) contents.length * Long.BYTES;
    MemorySegment source = gpu.pinned(bytes);
    source.copyFrom(MemorySegment.ofArray(contents));
    long target = scratch.value(operands);
    return () -> gpu.driver().copyToDevice(target, source.address(), bytes, gpu.stream());
  }
}
