package io.ventral.backend.cuda;

import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which algorithm computes each convolution: the fastest that cuDNN measures on this GPU, within
 * the scratch allowed and, unless told otherwise, among those that give the same bits every time.
 * The memory for that is taken here and given back before anything else takes memory.
 */
final class AlgorithmSearch {
  private static final int DEFAULT_MATH = 0;
  private static final int TENSOR_OP_MATH = 1;
  private static final int FMA_MATH = 3;
  private static final long SEED = 1;

  private final OpenGpu gpu;
  private final AlgorithmStore store;
  private final Map<String, Dnn.Descriptors> descriptors = new HashMap<>();

  AlgorithmSearch(OpenGpu gpu, AlgorithmStore store) {
    this.gpu = gpu;
    this.store = store;
  }

  /**
   * Returns the algorithm.
   *
   * @throws EngineException UNSUPPORTED if cuDNN has none, RESOURCE if the GPU has not the memory
   *     to try
   */
  Algorithm find(Direction direction, Convolution problem) {
    String key = direction + " " + problem;
    return store
        .get(gpu.circumstances(), key)
        .orElseGet(
            () -> {
              Algorithm found = measure(direction, problem);
              store.put(gpu.circumstances(), key, found);
              return found;
            });
  }

  /** Returns the description of a convolution, kept until the GPU is closed. */
  Dnn.Descriptors descriptors(Convolution problem, int mathType) {
    return descriptors.computeIfAbsent(
        mathType + " " + problem,
        key -> {
          Dnn.Descriptors made = gpu.dnn().describe(problem, mathType);
          gpu.onClose(() -> gpu.dnn().destroy(made));
          return made;
        });
  }

  private Algorithm measure(Direction direction, Convolution problem) {
    long x = Argument.Scratch.aligned(problem.x().bytes());
    long filter = Argument.Scratch.aligned(problem.filter().bytes());
    long y = Argument.Scratch.aligned(problem.y().bytes());
    long limit = gpu.options().workspaceBytes();
    long free = gpu.driver().memoryInfo().free();
    long workspace = Math.min(limit, Math.max(0, (free - x - filter - y) / 2));
    long memory = allocate(problem, x + filter + y + workspace);
    try {
      // Of zeros a GPU would make quicker work than of numbers.
      long numbers = (x + filter + y) / Float.BYTES;
      gpu.rand().uniform(memory, numbers, SEED, gpu.stream());
      Addresses addresses =
          new Addresses(
              memory, memory + x, memory + x + filter, memory + x + filter + y, workspace);
      Dnn.Descriptors described = descriptors(problem, mathType(problem));
      return choose(
          direction,
          problem,
          gpu.dnn().find(gpu.dnnHandle(), direction, described, addresses),
          workspace);
    } finally {
      gpu.driver().free(memory);
    }
  }

  private long allocate(Convolution problem, long bytes) {
    try {
      return gpu.driver().allocate(bytes);
    } catch (EngineException e) {
      throw e.kind() == ErrorKind.RESOURCE
          ? new EngineException(
              e.kind(),
              "%s: no %,d MiB to try algorithms for %s; use a smaller batch"
                  .formatted(gpu.id(), bytes >> 20, problem),
              e)
          : e;
    }
  }

  private Algorithm choose(
      Direction direction, Convolution problem, List<Measured> measured, long workspace) {
    return measured.stream()
        .filter(m -> m.succeeded() && m.workspaceBytes() <= workspace)
        .filter(m -> m.deterministic() || gpu.options().nondeterministic())
        .filter(m -> mayCompute(m.mathType(), problem))
        .findFirst()
        .map(m -> new Algorithm(m.algorithm(), exact(m, problem), m.workspaceBytes()))
        .orElseThrow(
            () ->
                EngineException.unsupported(
                    "%s: cuDNN has no %s algorithm with up to %,d MiB of scratch for %s %s"
                        .formatted(
                            gpu.id(),
                            gpu.options().nondeterministic() ? "usable" : "deterministic",
                            workspace >> 20,
                            direction.words(),
                            problem)));
  }

  private int mathType(Convolution problem) {
    if (mustBeExact(problem)) {
      return FMA_MATH;
    }
    return problem.x().dtype() == DType.FLOAT32 ? DEFAULT_MATH : TENSOR_OP_MATH;
  }

  /** In FLOAT32 tensor cores would round the factors. */
  private boolean mayCompute(int mathType, Convolution problem) {
    return !mustBeExact(problem) || mathType == FMA_MATH || mathType == DEFAULT_MATH;
  }

  /** What was asked to be exact may be reported as the default, which need not be. */
  private int exact(Measured measured, Convolution problem) {
    return mustBeExact(problem) ? FMA_MATH : measured.mathType();
  }

  private boolean mustBeExact(Convolution problem) {
    return problem.x().dtype() == DType.FLOAT32 && !problem.widened() && !gpu.options().tf32();
  }
}
