package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.onednn.library.DeviceThread;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.DnnlLibrary;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** OneDNN's reference loops get into no program unseen. */
class SlowPrimitivesTest {
  private static final String LIBRARIES = System.getProperty("ventral.libraries");
  private static final int MAXIMUM = 511;

  /** One number decides: the same pooling with holes in its windows and without. */
  @Test
  void aReferenceLoopIsRefusedUnlessAskedFor() {
    assumeTrue(LIBRARIES != null, "ventral.libraries does not say where oneDNN is: not tested");
    try (Arena arena = Arena.ofShared();
        DeviceThread thread = new DeviceThread("slow")) {
      thread.run(
          () -> {
            Dnnl dnnl = new Dnnl(new DnnlLibrary(Path.of(LIBRARIES), arena), arena);
            PrimitiveDescriptor fast = pooling(dnnl, 0);
            PrimitiveDescriptor slow = pooling(dnnl, 1);
            new NativeKernel.Builder(dnnl, thread).primitive(fast);
            Expect.error(
                ErrorKind.UNSUPPORTED,
                () -> new NativeKernel.Builder(dnnl, thread).primitive(slow),
                "nothing but its slow reference loop (ref:any)");
            NativeKernel allowed =
                new NativeKernel.Builder(dnnl, thread).primitiveEvenIfSlow(slow).build();
            assertEquals("ref:any", allowed.implementation());
            assertFalse(fast.isSlow());
          });
    }
  }

  private static PrimitiveDescriptor pooling(Dnnl dnnl, int holes) {
    MemorySegment x = dnnl.descriptor(TensorType.of(DType.FLOAT32, 2, 32, 9, 9));
    int left = 9 - 2 - holes;
    MemorySegment y = dnnl.descriptor(TensorType.of(DType.FLOAT32, 2, 32, left + 1, left + 1));
    return dnnl.primitive(
        "dnnl_pooling_forward_primitive_desc_create",
        Dnnl.FORWARD_INFERENCE,
        MAXIMUM,
        x,
        y,
        dnnl.numbers(1, 1),
        dnnl.numbers(2, 2),
        dnnl.numbers(holes, holes),
        dnnl.numbers(0, 0),
        dnnl.numbers(0, 0));
  }
}
