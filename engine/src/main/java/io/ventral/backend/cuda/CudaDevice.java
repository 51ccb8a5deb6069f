package io.ventral.backend.cuda;

import io.ventral.backend.Device;
import io.ventral.backend.Intake;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Memory;
import io.ventral.backend.Readout;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.rewrite.DeviceTraits;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An NVIDIA GPU. Work is enqueued in one stream and done behind the back of the caller. */
public final class CudaDevice implements Device {
  /**
   * What every GPU is like: cuDNN knows no bias and no filter gradient that is finer than the
   * values, and tensor cores take 16 bytes of channels at a time.
   */
  public static final DeviceTraits TRAITS =
      new DeviceTraits(true, true, Format.vector(DType.BFLOAT16));

  private static final byte NAN_BYTE = (byte) 0xFF;

  private final OpenGpu gpu;
  private final AlgorithmStore algorithms;
  private final CudaKernels kernels;
  private final Staging staging;
  private Optional<InputBuffers> inputs = Optional.empty();
  private boolean closed;

  /**
   * Opens the GPU.
   *
   * @param libraries evidence that the libraries are there
   * @param algorithms those known, to which more are added; shared by the GPUs of a list
   * @throws EngineException DEVICE if the driver or the GPU is too old, or there is no such GPU
   */
  public CudaDevice(
      DeviceId id, CudaLibraries libraries, CudaOptions options, AlgorithmStore algorithms) {
    gpu = new OpenGpu(id, options);
    this.algorithms = algorithms;
    kernels = new CudaKernels(gpu, new AlgorithmSearch(gpu, algorithms));
    staging = new Staging(gpu);
  }

  @Override
  public DeviceId id() {
    return gpu.id();
  }

  @Override
  public long bytes(TensorType type) {
    return type.bytes();
  }

  @Override
  public Kernel bind(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    gpu.makeCurrent();
    return kernels.bind(op, inputs, outputs);
  }

  @Override
  public Memory allocate(String what, long bytes) {
    gpu.makeCurrent();
    try {
      long address = gpu.driver().allocate(Math.max(1, bytes));
      gpu.onClose(() -> gpu.driver().free(address));
      return new CudaMemory(gpu, address, bytes);
    } catch (EngineException e) {
      throw e.kind() == ErrorKind.RESOURCE ? lacking(what, bytes, e) : e;
    }
  }

  @Override
  public OptionalLong freeBytes() {
    gpu.makeCurrent();
    return OptionalLong.of(gpu.driver().memoryInfo().free());
  }

  private EngineException lacking(String what, long bytes, EngineException cause) {
    Driver.MemoryInfo memory = gpu.driver().memoryInfo();
    return new EngineException(
        ErrorKind.RESOURCE,
        "%s: no %,d MiB for %s: %,d of %,d MiB are free; use a smaller batch"
            .formatted(gpu.id(), bytes >> 20, what, memory.free() >> 20, memory.total() >> 20),
        cause);
  }

  @Override
  public void run(Runnable launches) {
    gpu.makeCurrent();
    launches.run();
  }

  @Override
  public Launch together(List<Launch> launches) {
    return gpu.options().graphs()
        ? new CapturedLaunches(gpu, launches)
        : Device.super.together(launches);
  }

  @Override
  public void finish() {
    gpu.makeCurrent();
    gpu.driver().await(gpu.stream());
  }

  @Override
  public void upload(HostTensor source, long first, Region target) {
    gpu.makeCurrent();
    staging.upload(source, first, CudaMemory.address(target), target.type());
  }

  @Override
  public void download(Region source, HostTensor target, long first) {
    gpu.makeCurrent();
    staging.download(CudaMemory.address(source), source.type(), target, first);
  }

  @Override
  public long intakeBytes(List<TensorType> inputTypes) {
    return InputBuffers.bytes(BufferedIntake.bytes(inputTypes));
  }

  @Override
  public Intake intake(List<Region> regions, Region waiting) {
    gpu.makeCurrent();
    InputBuffers buffers = inputs.orElseGet(() -> new InputBuffers(gpu, waiting));
    inputs = Optional.of(buffers);
    return new BufferedIntake(gpu, buffers, regions);
  }

  @Override
  public Readout readout(Region source, HostTensor target, long first) {
    gpu.makeCurrent();
    return new PinnedReadout(gpu, CudaMemory.address(source), source.type(), target, first);
  }

  @Override
  public void poison(Region region) {
    gpu.makeCurrent();
    if (region.bytes() > 0) {
      gpu.driver().fill(CudaMemory.address(region), NAN_BYTE, region.bytes(), gpu.stream());
    }
  }

  @Override
  public DeviceTraits traits() {
    return TRAITS;
  }

  @Override
  public List<String> choices() {
    return algorithms.choices();
  }

  @Override
  public void adopt(List<String> choices) {
    algorithms.adopt(choices);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        gpu.makeCurrent();
      } catch (EngineException e) {
        // A GPU that is lost cannot be made current; what was opened on it goes with the process.
      }
      gpu.close();
    }
  }
}
