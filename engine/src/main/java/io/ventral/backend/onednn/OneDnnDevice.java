package io.ventral.backend.onednn;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.error.EngineException;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.tensor.HostMemory;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
    this.id = id;
    this.thread = new DeviceThread(id.toString());
    try {
      DnnlLibrary library =
          thread.call(() -> new DnnlLibrary(NativeLibraries.verified(libraries), arena));
      this.kernels =
          thread.call(
              () ->
                  new OneDnnKernels(
                      id, new Dnnl(library, arena), new Team(library, threads, arena), thread));
      this.description =
          thread.call(
              () ->
                  "oneDNN %s, %s, %d threads, %s"
                      .formatted(
                          library.version(),
                          library.instructionSet().name().toLowerCase(Locale.ROOT),
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
    thread.call(
        () -> {
          launches.run();
          return true;
        });
  }

  @Override
  public void upload(HostTensor source, long first, Region target) {
    HostTensor view = HostTensor.over(target.type(), NativeMemory.of(target));
    copy(source, first, view, 0, target.type().elements());
  }

  @Override
  public void download(Region source, HostTensor target, long first) {
    HostTensor view = HostTensor.over(source.type(), NativeMemory.of(source));
    copy(view, 0, target, first, source.type().elements());
  }

  private static void copy(
      HostTensor from, long fromFirst, HostTensor to, long toFirst, long count) {
    if (from.type().dtype() == to.type().dtype()) {
      long size = from.type().dtype().bytes();
      MemorySegment.copy(
          from.memory(), fromFirst * size, to.memory(), toFirst * size, count * size);
      return;
    }
    for (long i = 0; i < count; i++) {
      to.set(toFirst + i, from.get(fromFirst + i));
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
    thread.call(
        () -> {
          kernels.close();
          return true;
        });
    thread.close();
    arena.close();
  }
}
