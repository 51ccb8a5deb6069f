package io.ventral.backend.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.DeviceThread;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.DnnlLibrary;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Our own loops on a team of some threads, with memory to try them on. */
final class LoopWorkbench implements AutoCloseable {
  private static final String LIBRARIES = System.getProperty("ventral.libraries");

  private final Arena arena = Arena.ofShared();
  private final DeviceThread thread = new DeviceThread("loops");
  private final LoopKernels kernels;

  LoopWorkbench(int threads) {
    assumeTrue(LIBRARIES != null, "ventral.libraries does not say where oneDNN is: not tested");
    kernels =
        thread.call(
            () -> {
              DnnlLibrary library = new DnnlLibrary(Path.of(LIBRARIES), arena);
              Team team = new Team(library, threads, arena);
              Dnnl dnnl = new Dnnl(library, arena);
              return new LoopKernels(new Binding(dnnl, team, thread));
            });
  }

  LoopKernels kernels() {
    return kernels;
  }

  /** Returns memory of its own for a value, all its bytes NaN's. */
  Region region(TensorType type) {
    return arena(type.bytes()).region(0, type);
  }

  /** Returns one block of memory for several values. */
  Block arena(long bytes) {
    NativeMemory memory = new NativeMemory(arena.allocate(bytes, 64));
    memory.segment().fill((byte) 0xFF);
    return new Block(memory);
  }

  /** Memory in which regions are chosen freely. */
  record Block(NativeMemory memory) {
    Region region(long offset, TensorType type) {
      return new Region(memory, offset, type.bytes(), type);
    }
  }

  /** Returns a region of FLOAT32 numbers {@code scale}·sin(i + phase), i counted in memory. */
  Region waves(double scale, double phase, int... extents) {
    Region region = region(TensorType.of(DType.FLOAT32, extents));
    fillWaves(region, scale, phase);
    return region;
  }

  static void fillWaves(Region region, double scale, double phase) {
    MemorySegment memory = NativeMemory.of(region);
    for (long i = 0; i < region.type().elements(); i++) {
      memory.setAtIndex(JAVA_FLOAT, i, (float) (scale * Math.sin(i + phase)));
    }
  }

  /** Returns a region of one number. */
  Region scalar(DType dtype, double value) {
    Region region = region(TensorType.of(dtype));
    view(region).set(0, value);
    return region;
  }

  static HostTensor view(Region region) {
    return HostTensor.over(region.type(), NativeMemory.of(region));
  }

  static float[] floats(Region region) {
    return NativeMemory.of(region).toArray(JAVA_FLOAT);
  }

  void run(Kernel kernel, List<Region> inputs, List<Region> outputs) {
    Region workspace = region(TensorType.of(DType.UINT8));
    Launch launch = kernel.place(new Operands(inputs, outputs, workspace));
    thread.run(launch::run);
  }

  @Override
  public void close() {
    thread.close();
    arena.close();
  }
}
