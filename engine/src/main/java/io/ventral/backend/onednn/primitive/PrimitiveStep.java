package io.ventral.backend.onednn.primitive;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.DnnlLibrary;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A primitive with the roles of its operands. */
public record PrimitiveStep(Dnnl dnnl, PrimitiveDescriptor descriptor, List<Argument> arguments)
    implements Step {
  /** Size of {@code dnnl_exec_arg_t}: a number, padding, a pointer. */
  private static final long ARGUMENT_BYTES = 16;

  private static final long POINTER_OFFSET = 8;

  @Override
  public Launch place(Operands operands) {
    MemorySegment primitive = descriptor.create();
    MemorySegment array = dnnl.arena().allocate(ARGUMENT_BYTES * arguments.size(), 8);
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      MemorySegment memory =
          dnnl.created(
              "dnnl_memory_create",
              argument.descriptor(),
              dnnl.engine(),
              argument.place().in(operands));
      array.set(JAVA_INT, i * ARGUMENT_BYTES, argument.index());
      array.set(ADDRESS, i * ARGUMENT_BYTES + POINTER_OFFSET, memory);
    }
    DnnlLibrary library = dnnl.library();
    MemorySegment stream = dnnl.stream();
    int count = arguments.size();
    String name = descriptor.implementation();
    return () -> library.execute(primitive, stream, count, array, name);
  }
}
