package io.ventral.backend.cuda;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** A kernel of one or more calls that share scratch. */
record CudaKernel(
    OpenGpu gpu,
    List<Step> steps,
    long workspaceBytes,
    long savedBytes,
    BiPredicate<Integer, Integer> inPlace,
    String implementation)
    implements Kernel {

  @Override
  public boolean mayOverwrite(int input, int output) {
    return inPlace.test(input, output);
  }

  @Override
  public Launch place(Operands operands) {
    gpu.makeCurrent();
    return Launch.inOrder(steps.stream().map(step -> step.place(operands)).toArray(Launch[]::new));
  }

  /** Returns a copy of bytes of {@code gpu}, which is nothing where they lie already. */
  static Launch copy(OpenGpu gpu, long source, long target, long bytes) {
    return source == target
        ? () -> {}
        : () -> gpu.driver().copy(target, source, bytes, gpu.stream());
  }

  /** Puts a kernel together, handing out its scratch. */
  static final class Builder {
    private final OpenGpu gpu;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private long workspace;
    private long saved;
    private BiPredicate<Integer, Integer> inPlace = (input, output) -> false;

    Builder(OpenGpu gpu) {
      this.gpu = gpu;
    }

    /** Returns a place for {@code bytes} of scratch. */
    Argument.Address scratch(long bytes) {
      long offset = workspace;
      workspace += Argument.Scratch.aligned(bytes);
      return new Argument.Scratch(offset);
    }

    /** Adds a kernel of ours with one thread for each of {@code items}, up to what fills a GPU. */
    Builder call(String file, String function, long items, Argument... arguments) {
      return call(file, function, gpu.grid(items), arguments);
    }

    /** Adds a kernel of ours. */
    Builder call(String file, String function, LaunchShape shape, Argument... arguments) {
      steps.add(new KernelStep(gpu, gpu.function(file, function), shape, List.of(arguments)));
      names.add(function);
      return this;
    }

    /** Adds a copy of bytes of this GPU, which is nothing where they lie already. */
    Builder copy(Argument.Address from, Argument.Address to, long bytes) {
      return step(
          "copy",
          operands -> CudaKernel.copy(gpu, from.value(operands), to.value(operands), bytes));
    }

    /** Adds any other call. */
    Builder step(String name, Step step) {
      steps.add(step);
      names.add(name);
      return this;
    }

    /** Says how many bytes the opaque output takes. */
    Builder saves(long bytes) {
      saved = bytes;
      return this;
    }

    /** Says which outputs may lie over which inputs. */
    Builder inPlace(BiPredicate<Integer, Integer> rule) {
      inPlace = rule;
      return this;
    }

    CudaKernel build() {
      long slack = workspace == 0 ? 0 : Argument.Scratch.ALIGNMENT;
      return new CudaKernel(
          gpu, List.copyOf(steps), workspace + slack, saved, inPlace, String.join(" + ", names));
    }
  }
}
