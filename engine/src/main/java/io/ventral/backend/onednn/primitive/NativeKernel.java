package io.ventral.backend.onednn.primitive;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Preparation;
import io.ventral.backend.onednn.library.DeviceThread;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.error.EngineException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * A kernel of one or more steps that share scratch.
 *
 * @param preparations by operand, what may be done ahead
 */
public record NativeKernel(
    List<Step> steps,
    long workspaceBytes,
    long savedBytes,
    BiPredicate<Integer, Integer> inPlace,
    Map<Integer, Preparation> preparations,
    String implementation,
    DeviceThread thread)
    implements Kernel {

  @Override
  public boolean mayOverwrite(int input, int output) {
    return inPlace.test(input, output);
  }

  @Override
  public Optional<Preparation> preparation(int input) {
    return Optional.ofNullable(preparations.get(input));
  }

  @Override
  public Launch place(Operands operands) {
    return Launch.inOrder(
        thread.call(() -> steps.stream().map(step -> step.place(operands)).toArray(Launch[]::new)));
  }

  /** Returns this kernel with {@code preparation} of an operand ahead. */
  public NativeKernel preparing(int input, Preparation preparation) {
    return new NativeKernel(
        steps,
        workspaceBytes,
        savedBytes,
        inPlace,
        Map.of(input, preparation),
        implementation,
        thread);
  }

  /** Puts a kernel together, handing out its scratch. */
  public static final class Builder {
    private static final long ALIGNMENT = 64;

    private final Dnnl dnnl;
    private final DeviceThread thread;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private long workspace;
    private long saved;
    private BiPredicate<Integer, Integer> inPlace = (input, output) -> false;

    /** Returns the beginning of a kernel without steps. */
    public Builder(Dnnl dnnl, DeviceThread thread) {
      this.dnnl = dnnl;
      this.thread = thread;
    }

    /** Returns a place for {@code bytes} of scratch. */
    public Argument.Scratch scratch(long bytes) {
      long offset = workspace;
      workspace += Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
      return new Argument.Scratch(offset);
    }

    /**
     * Adds a primitive; the scratch it asks for is added to the arguments, and to the plan.
     *
     * @throws EngineException UNSUPPORTED if oneDNN has nothing but its slow reference loop
     */
    public Builder primitive(PrimitiveDescriptor descriptor, Argument... arguments) {
      return add(descriptor, step(descriptor, arguments));
    }

    /**
     * Adds a primitive that may be oneDNN's reference loop. Whoever calls this says why; there is
     * no other way for such a loop into a program.
     */
    public Builder primitiveEvenIfSlow(PrimitiveDescriptor descriptor, Argument... arguments) {
      return add(descriptor, planned(descriptor, arguments));
    }

    private Builder add(PrimitiveDescriptor descriptor, PrimitiveStep step) {
      steps.add(step);
      names.add(descriptor.implementation());
      return this;
    }

    /**
     * Returns a primitive, its own scratch among the arguments, for a step that runs it.
     *
     * @throws EngineException UNSUPPORTED if oneDNN has nothing but its slow reference loop
     */
    public PrimitiveStep step(PrimitiveDescriptor descriptor, Argument... arguments) {
      if (descriptor.isSlow()) {
        throw EngineException.unsupported(
            "oneDNN has nothing but its slow reference loop (%s) for these shapes"
                .formatted(descriptor.implementation()));
      }
      return planned(descriptor, arguments);
    }

    private PrimitiveStep planned(PrimitiveDescriptor descriptor, Argument... arguments) {
      if (descriptor.ownMemory() != 0) {
        throw EngineException.internal(
            "%s would take %,d bytes that nobody planned"
                .formatted(descriptor.implementation(), descriptor.ownMemory()));
      }
      List<Argument> all = new ArrayList<>(List.of(arguments));
      MemorySegment scratchpad = descriptor.scratchpad();
      long bytes = dnnl.bytes(scratchpad);
      if (bytes > 0) {
        all.add(new Argument(Argument.SCRATCHPAD, scratchpad, scratch(bytes)));
      }
      return new PrimitiveStep(dnnl, descriptor, List.copyOf(all));
    }

    /** Adds a loop of ours. */
    public Builder loop(String name, Step step) {
      steps.add(step);
      names.add(name);
      return this;
    }

    /** Says how many bytes the opaque output takes. */
    public Builder saves(long bytes) {
      saved = bytes;
      return this;
    }

    /** Says which outputs may lie over which inputs. */
    public Builder inPlace(BiPredicate<Integer, Integer> rule) {
      inPlace = rule;
      return this;
    }

    /** Returns the kernel. */
    public NativeKernel build() {
      return new NativeKernel(
          List.copyOf(steps),
          workspace,
          saved,
          inPlace,
          Map.of(),
          String.join(" + ", names),
          thread);
    }
  }
}
