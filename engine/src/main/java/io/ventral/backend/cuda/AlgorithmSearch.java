package io.ventral.backend.cuda;

import io.ventral.backend.cuda.Dnn.Addresses;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Which algorithm computes each convolution: the fastest that cuDNN measures on this GPU, within
 * the scratch allowed and, unless told otherwise, among those that give the same bits every time.
 * The memory for that is taken here and given back before anything else takes memory.
 */
final class AlgorithmSearch {
  private static final int DEFAULT_MATH = 0;
  private static final int TENSOR_OP_MATH = 1;
  private static final int FMA_MATH = 3;

  /**
   * CuDNN's number of the forward algorithm that may have a bias behind it with or without ReLU.
   */
  private static final int PRECOMPUTED_INDICES = 1;

  private static final long SEED = 1;

  private final OpenGpu gpu;
  private final AlgorithmStore store;
  private final Map<String, Dnn.Descriptors> descriptors = new HashMap<>();
  private final Map<String, Dnn.Ending> endings = new HashMap<>();

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
        .flatMap(Choice::algorithm)
        .orElseGet(
            () -> {
              Algorithm found = measure(direction, problem);
              store.put(gpu.circumstances(), key, Choice.of(found));
              return found;
            });
  }

  private Algorithm measure(Direction direction, Convolution problem) {
    return measure(direction, problem, scratch(problem), (algorithm, addresses) -> true)
        .orElseThrow(
            () ->
                EngineException.unsupported(
                    "%s: cuDNN has no %s algorithm with up to %,d MiB of scratch for %s %s"
                        .formatted(
                            gpu.id(),
                            gpu.options().nondeterministic() ? "usable" : "deterministic",
                            gpu.options().workspaceBytes() >> 20,
                            direction.words(),
                            problem)));
  }

  /** Returns the algorithm that adds a bias behind as well; empty where cuDNN has none. */
  Optional<Algorithm> findBiased(Convolution problem, boolean relu) {
    String key = Direction.FORWARD + " with bias" + (relu ? " and ReLU" : "") + " " + problem;
    return store
        .get(gpu.circumstances(), key)
        .orElseGet(
            () -> {
              long scratch = scratch(problem);
              Choice choice = new Choice(measureBiased(problem, relu, scratch));
              // Where memory is short there may be one another time.
              if (choice.algorithm().isPresent() || scratch == gpu.options().workspaceBytes()) {
                store.put(gpu.circumstances(), key, choice);
              }
              return choice;
            })
        .algorithm();
  }

  private Optional<Algorithm> measureBiased(Convolution problem, boolean relu, long scratch) {
    Dnn.Ending ending = ending(problem.y(), relu);
    return measure(
        Direction.FORWARD,
        problem,
        scratch,
        (algorithm, addresses) ->
            algorithm.number() == PRECOMPUTED_INDICES
                && adds(algorithm, problem, ending, addresses));
  }

  /** Tries it, with the filter for a bias. */
  private boolean adds(
      Algorithm algorithm, Convolution problem, Dnn.Ending ending, Addresses addresses) {
    Dnn.Descriptors described = descriptors(problem, algorithm.mathType());
    Dnn.Added filter = new Dnn.Added(addresses.filter(), 0);
    return gpu.dnn()
        .convolves(gpu.dnnHandle(), algorithm.number(), described, ending, addresses, filter);
  }

  /** Returns the description of what is behind a convolution, kept until the GPU is closed. */
  Dnn.Ending ending(TensorType y, boolean relu) {
    return endings.computeIfAbsent(
        y.dtype() + " " + y.extent(1) + " " + relu,
        key -> {
          Dnn.Ending made = gpu.dnn().ending(y, relu);
          gpu.onClose(() -> gpu.dnn().destroy(made));
          return made;
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

  /** Returns the bytes that an algorithm may take to be tried: what is allowed, if it is free. */
  private long scratch(Convolution problem) {
    long operands = aligned(problem.x()) + aligned(problem.filter()) + aligned(problem.y());
    long left = gpu.driver().memoryInfo().free() - operands;
    return Math.min(gpu.options().workspaceBytes(), Math.max(0, left / 2));
  }

  private static long aligned(TensorType type) {
    return Argument.Scratch.aligned(type.bytes());
  }

  private Optional<Algorithm> measure(
      Direction direction,
      Convolution problem,
      long workspace,
      BiPredicate<Algorithm, Addresses> works) {
    long x = aligned(problem.x());
    long filter = aligned(problem.filter());
    long y = aligned(problem.y());
    long memory = allocate(problem, x + filter + y + workspace);
    try {
      // Of zeros a GPU would make quicker work than of numbers.
      long numbers = (x + filter + y) / Float.BYTES;
      gpu.rand().uniform(memory, numbers, SEED, gpu.stream());
      Addresses addresses =
          new Addresses(
              memory, memory + x, memory + x + filter, memory + x + filter + y, workspace);
      Dnn.Descriptors described = descriptors(problem, mathType(problem));
      return gpu.dnn().find(gpu.dnnHandle(), direction, described, addresses).stream()
          .filter(m -> m.succeeded() && m.workspaceBytes() <= workspace)
          .filter(m -> m.deterministic() || gpu.options().nondeterministic())
          .filter(m -> mayCompute(m.mathType(), problem))
          .map(m -> new Algorithm(m.algorithm(), exact(m, problem), m.workspaceBytes()))
          .filter(algorithm -> works.test(algorithm, addresses))
          .findFirst();
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
