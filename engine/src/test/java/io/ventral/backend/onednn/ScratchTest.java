package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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

/** The scratch of primitives is memory of the plan. */
class ScratchTest {
  private static final String LIBRARIES = System.getProperty("ventral.libraries");

  /** One attribute alone decides: the same gradient of a filter with it and without. */
  @Test
  void aPrimitiveThatTakesMemoryOfItsOwnIsRefused() {
    assumeTrue(LIBRARIES != null, "ventral.libraries does not say where oneDNN is: not tested");
    try (Arena arena = Arena.ofShared();
        DeviceThread thread = new DeviceThread("scratch")) {
      thread.run(
          () -> {
            Dnnl dnnl = new Dnnl(new DnnlLibrary(Path.of(LIBRARIES), arena), arena);
            PrimitiveDescriptor planned = normalisation(dnnl, true);
            PrimitiveDescriptor unplanned = normalisation(dnnl, false);
            assertEquals(0, planned.ownMemory());
            assertTrue(dnnl.bytes(planned.scratchpad()) > 0);
            assertTrue(unplanned.ownMemory() > 0);
            new NativeKernel.Builder(dnnl, thread).primitive(planned);
            Expect.error(
                ErrorKind.INTERNAL,
                () -> new NativeKernel.Builder(dnnl, thread).primitive(unplanned),
                "bytes that nobody planned");
          });
    }
  }

  private static PrimitiveDescriptor normalisation(Dnnl dnnl, boolean planned) {
    MemorySegment x = dnnl.descriptor(TensorType.of(DType.FLOAT32, 4, 32, 8, 8));
    String function = "dnnl_batch_normalization_forward_primitive_desc_create";
    int scaleAndShift = 2 | 4;
    Object[] arguments = {Dnnl.FORWARD_TRAINING, x, x, 1e-5f, scaleAndShift};
    if (planned) {
      return dnnl.primitive(function, arguments);
    }
    return new PrimitiveDescriptor(
        dnnl,
        dnnl.created(
            function,
            dnnl.engine(),
            arguments[0],
            arguments[1],
            arguments[2],
            arguments[3],
            arguments[4],
            MemorySegment.NULL));
  }
}
