package io.ventral.backend.onednn;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.DeviceThread;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.DnnlLibrary;
import io.ventral.backend.onednn.library.LargePages;
import io.ventral.backend.onednn.library.NativeLibraries;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.winograd.ConvolutionChoice;
import io.ventral.error.EngineException;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.rewrite.DeviceTraits;
import io.ventral.tensor.HostMemory;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** The processor through oneDNN. */
public final class OneDnnDevice implements Device {
  private static final byte NAN_BYTE = (byte) 0xFF;
  private static final long ALIGNMENT = 64;

  private final DeviceId id;
  private final Arena arena = Arena.ofShared();
  private final LargePages largePages = new LargePages();
  private final DeviceThread thread;
  private final OneDnnKernels kernels;
  private final String description;
  private boolean closed;

  /**
   * Opens the device.
   *
   * @param libraries the folder of oneDNN's libraries
   * @throws EngineException DEVICE if they are missing or damaged
   */
  public OneDnnDevice(DeviceId id, int threads, Path libraries) {
    this(id, threads, libraries, ConvolutionChoice.cheaper());
  }

  OneDnnDevice(DeviceId id, int threads, Path libraries, ConvolutionChoice choice) {
    this.id = id;
    this.thread = new DeviceThread(id.toString());
    try {
      DnnlLibrary library =
          thread.call(() -> new DnnlLibrary(NativeLibraries.verified(libraries), arena));
      this.kernels =
          thread.call(
              () ->
                  new OneDnnKernels(
                      id,
                      new Binding(
                          new Dnnl(library, arena), new Team(library, threads, arena), thread),
                      choice));
      this.description =
          thread.call(
              () ->
                  "oneDNN %s, %s, %s, %d threads, %s"
                      .formatted(
                          library.version(),
                          library.instructionSet().word(),
                          library.instructionSet().hasBfloat16()
                              ? "float32 and bfloat16"
                              : "float32, no bfloat16 instructions",
                          threads,
                          libraries.toAbsolutePath().normalize()));
    } catch (EngineException e) {
      thread.close();
      arena.close();
      throw e;
    }
  }

  /** Returns library, version, instruction set, threads and path in one line. */
  public String description() {
    return description;
  }

  @Override
  public DeviceId id() {
    return id;
  }

  @Override
  public long bytes(TensorType type) {
    return type.bytes();
  }

  @Override
  public Kernel bind(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    return thread.call(() -> kernels.bind(op, inputs, outputs));
  }

  /** OneDNN refuses to add behind a normalisation. */
  @Override
  public DeviceTraits traits() {
    return new DeviceTraits(false, false, 1);
  }

  @Override
  public Memory allocate(String what, long bytes) {
    HostMemory.require(what + " on " + id, bytes);
    if (bytes < LargePages.WORTH) {
      return new NativeMemory(arena.allocate(bytes, ALIGNMENT));
    }
    return new NativeMemory(
        largePages
            .allocate(bytes, arena)
            .orElseThrow(
                () ->
                    EngineException.resource(
                        "%s: no %,d MiB for %s; use a smaller batch"
                            .formatted(id, bytes >> 20, what))));
  }

  @Override
  public void run(Runnable launches) {
    thread.run(launches);
  }

  @Override
  public void upload(HostTensor source, long first, Region target) {
    MemorySegment memory = NativeMemory.whole(target);
    if (source.type().dtype() == target.type().dtype()) {
      long begin = first * target.type().dtype().bytes();
      MemorySegment.copy(source.memory(), begin, memory, target.offset(), target.type().bytes());
      return;
    }
    HostTensor view = HostTensor.over(target.type(), NativeMemory.of(target));
    for (long i = 0; i < target.type().elements(); i++) {
      view.set(i, source.get(first + i));
    }
  }

  @Override
  public void download(Region source, HostTensor target, long first) {
    MemorySegment memory = NativeMemory.whole(source);
    if (source.type().dtype() == target.type().dtype()) {
      long begin = first * source.type().dtype().bytes();
      MemorySegment.copy(memory, source.offset(), target.memory(), begin, source.type().bytes());
      return;
    }
    HostTensor view = HostTensor.over(source.type(), NativeMemory.of(source));
    for (long i = 0; i < source.type().elements(); i++) {
      target.set(first + i, view.get(i));
    }
  }

  @Override
  public void poison(Region region) {
    NativeMemory.of(region).fill(NAN_BYTE);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.run(kernels::close);
    thread.close();
    arena.close();
  }
}
