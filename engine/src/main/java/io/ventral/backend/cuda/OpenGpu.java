package io.ventral.backend.cuda;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.place.DeviceId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One GPU, opened: its primary context, one stream in which all work is done in order, the handles
 * of the libraries, the modules of our kernels. What is opened is closed in the opposite order.
 */
final class OpenGpu implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int BLOCKS_A_MULTIPROCESSOR = 16;

  /** Turing, for which the kernels are compiled. */
  static final int OLDEST_CAPABILITY = 75;

  /** CUDA 12.0, whose driver reads our PTX. */
  static final int OLDEST_DRIVER = 12000;

  private final DeviceId id;
  private final CudaOptions options;
  private final Driver driver;
  private final Blas blas;
  private final Dnn dnn;
  private final Rand rand;
  private final Driver.Gpu gpu;
  private final int capability;
  private final int multiprocessors;
  private final Driver.Context context;
  private final Driver.Stream stream;
  private final Driver.Event reached;
  private final Arena arena = Arena.ofShared();
  private final Map<String, Driver.Module> modules = new HashMap<>();
  private final Map<String, Driver.Function> functions = new HashMap<>();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private Optional<Blas.Handle> blasHandle = Optional.empty();
  private Optional<Dnn.Handle> dnnHandle = Optional.empty();

  /**
   * Opens the GPU.
   *
   * @throws EngineException DEVICE if the driver or the GPU is too old, or there is no such GPU
   */
  OpenGpu(DeviceId id, CudaOptions options) {
    this.id = id;
    this.options = options;
    driver = new Driver(id.toString());
    blas = new Blas(id.toString());
    dnn = new Dnn(id.toString());
    rand = new Rand(id.toString());
    requireDriver();
    requireGpu();
    gpu = driver.gpu(id.index());
    capability = driver.computeCapability(gpu);
    if (capability < OLDEST_CAPABILITY) {
      throw EngineException.device(
          "%s: %s has compute capability %s; 7.5 (Turing) or newer is needed"
              .formatted(id, driver.name(gpu), capability(capability)));
    }
    multiprocessors = driver.multiprocessors(gpu);
    try {
      context = driver.retainPrimaryContext(gpu);
      closing.push(() -> driver.release(context));
      driver.makeCurrent(context);
      stream = driver.createStream();
      closing.push(() -> driver.destroy(stream));
      reached = driver.createEvent();
      closing.push(() -> driver.destroy(reached));
    } catch (EngineException e) {
      close();
      throw e;
    }
  }

  private void requireDriver() {
    int version = driver.version();
    if (version < OLDEST_DRIVER) {
      throw EngineException.device(
          "%s: the driver is of CUDA %s; update it to one of CUDA 12.0 or newer"
              .formatted(id, cudaVersion(version)));
    }
  }

  private void requireGpu() {
    int count = driver.gpuCount();
    if (id.index() >= count) {
      throw EngineException.device(
          count == 0
              ? id + ": the driver finds no GPU"
              : "%s: there are only the GPUs cuda:0 to cuda:%d".formatted(id, count - 1));
    }
  }

  /** Returns for example 12.6 for 12060. */
  static String cudaVersion(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Returns for example 7.5 for 75. */
  static String capability(int capability) {
    return capability / 10 + "." + capability % 10;
  }

  DeviceId id() {
    return id;
  }

  CudaOptions options() {
    return options;
  }

  Driver driver() {
    return driver;
  }

  Blas blas() {
    return blas;
  }

  /** Returns the state of cuBLAS, which takes memory, made when it is first asked for. */
  Blas.Handle blasHandle() {
    if (blasHandle.isEmpty()) {
      Blas.Handle handle = blas.create();
      closing.push(() -> blas.destroy(handle));
      blas.use(handle, stream);
      blasHandle = Optional.of(handle);
    }
    return blasHandle.get();
  }

  Dnn dnn() {
    return dnn;
  }

  /** Returns the state of cuDNN, which takes memory, made when it is first asked for. */
  Dnn.Handle dnnHandle() {
    if (dnnHandle.isEmpty()) {
      Dnn.Handle handle = dnn.create();
      closing.push(() -> dnn.destroy(handle));
      dnn.use(handle, stream);
      dnnHandle = Optional.of(handle);
    }
    return dnnHandle.get();
  }

  Rand rand() {
    return rand;
  }

  Driver.Stream stream() {
    return stream;
  }

  /** Returns the GPU's name, such as {@code NVIDIA H100 80GB HBM3}. */
  String name() {
    return driver.name(gpu);
  }

  /** Returns the compute capability, such as 75 for 7.5. */
  int capability() {
    return capability;
  }

  /** Returns what decides which algorithm is the fastest that may be used. */
  String circumstances() {
    return "%s, %d multiprocessors, driver %d, cuDNN %d, %s, %s, %d B"
        .formatted(
            name(),
            multiprocessors,
            driver.version(),
            dnn.version(),
            options.nondeterministic() ? "nondeterministic" : "deterministic",
            options.tf32() ? "tf32" : "no tf32",
            options.workspaceBytes());
  }

  int multiprocessors() {
    return multiprocessors;
  }

  /** Returns where parameters of kernels lie in memory of the host. */
  Arena arena() {
    return arena;
  }

  /** Makes the GPU that of the calling thread: what every entry from outside begins with. */
  void makeCurrent() {
    driver.makeCurrent(context);
  }

  /** Lets what is enqueued from now on wait for all that was enqueued on {@code other}. */
  void follow(OpenGpu other) {
    driver.record(other.reached, other.stream);
    driver.await(stream, other.reached);
  }

  /**
   * Enqueues a copy from another GPU: behind what that one was given so far, whose later work waits
   * for the copy, for it may write over what is copied.
   */
  void copyFrom(OpenGpu other, long source, long target, long bytes) {
    follow(other);
    driver.copy(target, context, source, other.context, bytes, stream);
    other.follow(this);
  }

  /** Returns the launch shape with a thread an item, up to what fills the GPU. */
  LaunchShape grid(long items) {
    long blocks = Math.min(Math.ceilDiv(items, THREADS), blocksThatFill());
    return blocks((int) Math.max(1, blocks), 1, 1);
  }

  private long blocksThatFill() {
    return (long) BLOCKS_A_MULTIPROCESSOR * multiprocessors;
  }

  /** Returns the launch shape of so many blocks. */
  LaunchShape blocks(int x, int y, int z) {
    return new LaunchShape(x, y, z, THREADS, 0);
  }

  /** Returns a kernel of ours, its module loaded when the first of it is asked for. */
  Driver.Function function(String file, String name) {
    return functions.computeIfAbsent(
        name,
        key -> {
          makeCurrent();
          return driver.function(module(file), key);
        });
  }

  private Driver.Module module(String file) {
    Driver.Module loaded = modules.get(file);
    if (loaded == null) {
      loaded = driver.load(file, ptx(file));
      Driver.Module module = loaded;
      closing.push(() -> driver.unload(module));
      modules.put(file, module);
    }
    return loaded;
  }

  private static byte[] ptx(String file) {
    String resource = "/io/ventral/cuda/" + file + ".ptx";
    try (InputStream stream = OpenGpu.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw EngineException.internal(resource + " is not in the engine");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new EngineException(ErrorKind.INTERNAL, resource + ": " + e, e);
    }
  }

  /** Returns new memory of the host that the GPU copies from and to while we go on. */
  MemorySegment pinned(long bytes) {
    MemorySegment memory = driver.allocatePinned(bytes);
    closing.push(() -> driver.freePinned(memory));
    return memory;
  }

  /** Returns a stream beside the one in which all work is done. */
  Driver.Stream newStream() {
    Driver.Stream other = driver.createStream();
    closing.push(() -> driver.destroy(other));
    return other;
  }

  /** Returns a new point in a stream, to be waited for. */
  Driver.Event event() {
    Driver.Event event = driver.createEvent();
    closing.push(() -> driver.destroy(event));
    return event;
  }

  /** Has {@code release} done when the GPU is closed. */
  void onClose(Runnable release) {
    closing.push(release);
  }

  /**
   * Frees everything; closing again does nothing. Where the GPU has failed before, so does every
   * call from then on, and the end of the process frees what is left.
   */
  @Override
  public void close() {
    while (!closing.isEmpty()) {
      try {
        closing.pop().run();
      } catch (EngineException e) {
        closing.clear();
      }
    }
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
