package io.ventral.backend.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUevent_flags.CU_EVENT_DEFAULT;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.runtime.cudaStream_t;

/**
 * The driver API; the only class that calls it. Addresses, of the GPU and of the host, are plain
 * numbers; what the driver hands out beside them is wrapped so that only this class sees inside.
 * Every call fails with RESOURCE where memory is lacking and with DEVICE otherwise, naming the
 * call, its arguments and the driver's own word for the error.
 *
 * @param who the device, named in errors
 */
record Driver(String who) {
  /** What is called, by the names in the library. */
  static final String SYMBOLS =
      """
      cuInit cuDriverGetVersion cuGetErrorName cuGetErrorString cuDeviceGetCount cuDeviceGet
      cuDeviceGetName cuDeviceGetAttribute cuDeviceTotalMem_v2 cuDevicePrimaryCtxRetain
      cuDevicePrimaryCtxRelease_v2 cuCtxSetCurrent cuMemGetInfo_v2 cuMemAlloc_v2 cuMemFree_v2
      cuMemHostAlloc cuMemFreeHost cuMemcpyHtoDAsync_v2 cuMemcpyDtoHAsync_v2 cuMemcpyDtoDAsync_v2
      cuMemsetD8Async cuModuleLoadData cuModuleUnload cuModuleGetFunction
      cuLaunchKernel cuStreamCreate cuStreamDestroy_v2 cuStreamSynchronize cuStreamBeginCapture_v2
      cuStreamEndCapture cuGraphInstantiateWithFlags cuGraphLaunch cuGraphExecDestroy
      cuGraphDestroy cuEventCreate cuEventDestroy_v2 cuEventRecord cuEventSynchronize
      cuStreamWaitEvent cuMemcpyPeerAsync
      """;

  private static final int SUCCESS = 0;
  private static final int OUT_OF_MEMORY = 2;
  private static final int NO_DEVICE = 100;
  private static final int NAME_BYTES = 256;
  private static final int NO_FLAGS = 0;

  Driver {
    JCudaDriver.setExceptionsEnabled(false);
  }

  /** A GPU of this machine. */
  record Gpu(int index, CUdevice handle) {}

  /** A primary context, which all of a process share. */
  record Context(Gpu gpu, CUcontext handle) {
    int index() {
      return gpu.index();
    }
  }

  /** A queue of work on a GPU that never waits for the legacy default stream. */
  record Stream(CUstream handle) {
    /** Returns the stream as cuBLAS, cuDNN and cuRAND take it. */
    cudaStream_t forLibraries() {
      return new cudaStream_t(handle);
    }
  }

  /** A point in a stream. */
  record Event(CUevent handle) {}

  /** Loaded machine code. */
  record Module(String name, CUmodule handle) {}

  /** A kernel in a module. */
  record Function(String name, CUfunction handle) {}

  /** A captured stretch of a stream, ready to be launched. */
  record Graph(CUgraphExec handle) {}

  /** Free and total memory of a GPU in bytes. */
  record MemoryInfo(long free, long total) {}

  /** An address, of the GPU or of the host, that JCuda fills in. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private static CUdeviceptr device(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  private static Pointer host(long address) {
    return new Pointer().withByteOffset(address);
  }

  /** Returns the newest CUDA that the driver knows, such as 12060 for 12.6. */
  int version() {
    int[] version = new int[1];
    check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
    return version[0];
  }

  /** Returns the number of GPUs; 0 also where the driver says that there is none. */
  int gpuCount() {
    int status = JCudaDriver.cuInit(NO_FLAGS);
    if (status == NO_DEVICE) {
      return 0;
    }
    check(status, "cuInit", NO_FLAGS);
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
    return count[0];
  }

  Gpu gpu(int index) {
    CUdevice handle = new CUdevice();
    check(JCudaDriver.cuDeviceGet(handle, index), "cuDeviceGet", index);
    return new Gpu(index, handle);
  }

  String name(Gpu gpu) {
    byte[] name = new byte[NAME_BYTES];
    check(
        JCudaDriver.cuDeviceGetName(name, NAME_BYTES, gpu.handle()),
        "cuDeviceGetName",
        gpu.index());
    int length = 0;
    while (length < NAME_BYTES && name[length] != 0) {
      length++;
    }
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  /** Returns the compute capability, such as 75 for 7.5. */
  int computeCapability(Gpu gpu) {
    return 10 * attribute(gpu, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(gpu, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  int multiprocessors(Gpu gpu) {
    return attribute(gpu, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  private int attribute(Gpu gpu, int attribute) {
    int[] value = new int[1];
    check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, gpu.handle()),
        "cuDeviceGetAttribute",
        attribute,
        gpu.index());
    return value[0];
  }

  long totalMemory(Gpu gpu) {
    long[] bytes = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(bytes, gpu.handle()), "cuDeviceTotalMem", gpu.index());
    return bytes[0];
  }

  Context retainPrimaryContext(Gpu gpu) {
    CUcontext handle = new CUcontext();
    check(
        JCudaDriver.cuDevicePrimaryCtxRetain(handle, gpu.handle()),
        "cuDevicePrimaryCtxRetain",
        gpu.index());
    return new Context(gpu, handle);
  }

  void release(Context context) {
    check(
        JCudaDriver.cuDevicePrimaryCtxRelease(context.gpu().handle()),
        "cuDevicePrimaryCtxRelease",
        context.index());
  }

  /** Makes {@code context} that of the calling thread, which all later calls refer to. */
  void makeCurrent(Context context) {
    check(JCudaDriver.cuCtxSetCurrent(context.handle()), "cuCtxSetCurrent", context.index());
  }

  MemoryInfo memoryInfo() {
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
    return new MemoryInfo(free[0], total[0]);
  }

  /** Returns the address of {@code bytes} new bytes on the GPU. */
  long allocate(long bytes) {
    Address address = new Address();
    check(JCudaDriver.cuMemAlloc(address, bytes), "cuMemAlloc", bytes);
    return address.value();
  }

  void free(long address) {
    check(JCudaDriver.cuMemFree(device(address)), "cuMemFree", hex(address));
  }

  /** Returns new memory of the host that the GPU copies from and to while we go on. */
  @SuppressWarnings("restricted")
  MemorySegment allocatePinned(long bytes) {
    Address address = new Address();
    check(JCudaDriver.cuMemHostAlloc(address, bytes, NO_FLAGS), "cuMemHostAlloc", bytes, NO_FLAGS);
    return MemorySegment.ofAddress(address.value()).reinterpret(bytes);
  }

  void freePinned(MemorySegment memory) {
    check(JCudaDriver.cuMemFreeHost(host(memory.address())), "cuMemFreeHost", memory);
  }

  void copyToDevice(long target, long source, long bytes, Stream stream) {
    int status =
        JCudaDriver.cuMemcpyHtoDAsync(device(target), host(source), bytes, stream.handle());
    check(status, "cuMemcpyHtoDAsync", hex(target), hex(source), bytes);
  }

  void copyToHost(long target, long source, long bytes, Stream stream) {
    int status =
        JCudaDriver.cuMemcpyDtoHAsync(host(target), device(source), bytes, stream.handle());
    check(status, "cuMemcpyDtoHAsync", hex(target), hex(source), bytes);
  }

  void copy(long target, long source, long bytes, Stream stream) {
    int status =
        JCudaDriver.cuMemcpyDtoDAsync(device(target), device(source), bytes, stream.handle());
    check(status, "cuMemcpyDtoDAsync", hex(target), hex(source), bytes);
  }

  /** Copies from the memory of one GPU to that of another. */
  void copy(long target, Context to, long source, Context from, long bytes, Stream stream) {
    int status =
        JCudaDriver.cuMemcpyPeerAsync(
            device(target), to.handle(), device(source), from.handle(), bytes, stream.handle());
    check(status, "cuMemcpyPeerAsync", hex(target), to.index(), hex(source), from.index(), bytes);
  }

  void fill(long target, byte value, long bytes, Stream stream) {
    int status = JCudaDriver.cuMemsetD8Async(device(target), value, bytes, stream.handle());
    check(status, "cuMemsetD8Async", hex(target), value, bytes);
  }

  /** Returns the module compiled from PTX. */
  Module load(String name, byte[] ptx) {
    byte[] text = Arrays.copyOf(ptx, ptx.length + 1);
    CUmodule handle = new CUmodule();
    check(JCudaDriver.cuModuleLoadData(handle, text), "cuModuleLoadData", name);
    return new Module(name, handle);
  }

  void unload(Module module) {
    check(JCudaDriver.cuModuleUnload(module.handle()), "cuModuleUnload", module.name());
  }

  Function function(Module module, String name) {
    CUfunction handle = new CUfunction();
    check(
        JCudaDriver.cuModuleGetFunction(handle, module.handle(), name),
        "cuModuleGetFunction",
        module.name(),
        name);
    return new Function(name, handle);
  }

  /**
   * Enqueues a kernel.
   *
   * @param parameters address of an array of addresses, one of each argument
   */
  void launch(Function function, LaunchShape shape, long parameters, Stream stream) {
    check(
        JCudaDriver.cuLaunchKernel(
            function.handle(),
            shape.x(),
            shape.y(),
            shape.z(),
            shape.threads(),
            1,
            1,
            shape.sharedBytes(),
            stream.handle(),
            host(parameters),
            null),
        "cuLaunchKernel",
        function.name(),
        shape);
  }

  Stream createStream() {
    CUstream handle = new CUstream();
    check(
        JCudaDriver.cuStreamCreate(handle, CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        CU_STREAM_NON_BLOCKING);
    return new Stream(handle);
  }

  void destroy(Stream stream) {
    check(JCudaDriver.cuStreamDestroy(stream.handle()), "cuStreamDestroy");
  }

  /** Returns when all work in {@code stream} is done. */
  void await(Stream stream) {
    check(JCudaDriver.cuStreamSynchronize(stream.handle()), "cuStreamSynchronize");
  }

  /** From here on what this thread enqueues in {@code stream} is written down, not done. */
  void beginCapture(Stream stream) {
    check(
        JCudaDriver.cuStreamBeginCapture(stream.handle(), CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture",
        "thread local");
  }

  /** Ends the capture and returns what was written down. */
  Graph endCapture(Stream stream) {
    CUgraph captured = new CUgraph();
    check(JCudaDriver.cuStreamEndCapture(stream.handle(), captured), "cuStreamEndCapture");
    CUgraphExec handle = new CUgraphExec();
    check(JCudaDriver.cuGraphInstantiate(handle, captured, NO_FLAGS), "cuGraphInstantiate");
    check(JCudaDriver.cuGraphDestroy(captured), "cuGraphDestroy");
    return new Graph(handle);
  }

  /** Ends a capture that failed, whatever state it is in. */
  void abandonCapture(Stream stream) {
    CUgraph captured = new CUgraph();
    if (JCudaDriver.cuStreamEndCapture(stream.handle(), captured) == SUCCESS) {
      check(JCudaDriver.cuGraphDestroy(captured), "cuGraphDestroy");
    }
  }

  void launch(Graph graph, Stream stream) {
    check(JCudaDriver.cuGraphLaunch(graph.handle(), stream.handle()), "cuGraphLaunch");
  }

  void destroy(Graph graph) {
    check(JCudaDriver.cuGraphExecDestroy(graph.handle()), "cuGraphExecDestroy");
  }

  Event createEvent() {
    CUevent handle = new CUevent();
    check(JCudaDriver.cuEventCreate(handle, CU_EVENT_DEFAULT), "cuEventCreate", CU_EVENT_DEFAULT);
    return new Event(handle);
  }

  void destroy(Event event) {
    check(JCudaDriver.cuEventDestroy(event.handle()), "cuEventDestroy");
  }

  void record(Event event, Stream stream) {
    check(JCudaDriver.cuEventRecord(event.handle(), stream.handle()), "cuEventRecord");
  }

  /** Returns when the work before {@code event} is done. */
  void await(Event event) {
    check(JCudaDriver.cuEventSynchronize(event.handle()), "cuEventSynchronize");
  }

  /** Lets later work in {@code stream}, which may be of another GPU, wait for {@code event}. */
  void await(Stream stream, Event event) {
    int status = JCudaDriver.cuStreamWaitEvent(stream.handle(), event.handle(), NO_FLAGS);
    check(status, "cuStreamWaitEvent");
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  private void check(int status, String call, Object... arguments) {
    if (status == SUCCESS) {
      return;
    }
    String[] name = new String[1];
    String[] text = new String[1];
    JCudaDriver.cuGetErrorName(status, name);
    JCudaDriver.cuGetErrorString(status, text);
    throw new EngineException(
        status == OUT_OF_MEMORY ? ErrorKind.RESOURCE : ErrorKind.DEVICE,
        "%s: %s: %s"
            .formatted(
                who,
                CallText.of(call, arguments),
                name[0] == null ? "error " + status : name[0] + " (" + text[0] + ")"));
  }
}
