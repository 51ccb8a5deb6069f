package io.ventral.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.SimulatedCuda;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a convolution with a bias is computed; that it is right is a matter of parity. */
class BiasedConvolutionTest {
  private static final String TOGETHER = "with what is behind";
  private static final Window2d THREE = Window2d.square(3, 1, 1);

  private CudaDevice device;

  @BeforeEach
  void open() {
    assumeTrue(SimulatedCuda.isBuilt(), "the simulation of CUDA is not built: no g++");
    device = SimulatedCuda.open(1, SimulatedCuda.options());
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void in16BitsCuDnnDoesItAll() {
    for (boolean relu : List.of(false, true)) {
      String implementation = bind(relu, 5, THREE, DType.BFLOAT16);
      assertTrue(implementation.contains(TOGETHER), implementation);
      assertFalse(implementation.contains("cast"), implementation);
    }
  }

  @Test
  void whereItRefusesOperandsAreWidened() {
    SimulatedCuda.fail("cudnnConvolutionBiasActivationForward:1:3000");
    String implementation = bind(true, 6, THREE, DType.FLOAT16);
    assertFalse(implementation.contains(TOGETHER), implementation);
    assertTrue(implementation.contains("cast_f16_f32"), implementation);
  }

  /** Only the first call fails: what is asked again would be granted. */
  @Test
  void aRefusalIsRememberedInFileAndCheckpoint(@TempDir Path folder) {
    CudaOptions usual = SimulatedCuda.options();
    CudaOptions kept =
        new CudaOptions(
            usual.nondeterministic(),
            usual.tf32(),
            usual.graphs(),
            usual.workspaceBytes(),
            Optional.of(folder.resolve("algorithms.tsv")));
    List<String> choices;
    SimulatedCuda.fail("cudnnConvolutionBiasActivationForward:1:3000");
    try (CudaDevice first = SimulatedCuda.open(1, kept)) {
      assertFalse(bind(first, true, 5, THREE, DType.FLOAT16).contains(TOGETHER));
      choices = first.choices();
    }
    try (CudaDevice next = SimulatedCuda.open(1, kept)) {
      assertFalse(bind(next, true, 5, THREE, DType.FLOAT16).contains(TOGETHER));
      // Without ReLU it is another question.
      assertTrue(bind(next, false, 5, THREE, DType.FLOAT16).contains(TOGETHER));
    }
    device.adopt(choices);
    assertFalse(bind(true, 5, THREE, DType.FLOAT16).contains(TOGETHER));
  }

  /** What is not found may then be so for lack of memory. */
  @Test
  void whereMemoryIsShortNothingIsRemembered() {
    long free = device.freeBytes().orElseThrow();
    try (CudaDevice other = SimulatedCuda.open(1, SimulatedCuda.options())) {
      other.allocate("what leaves little", free - (1 << 20));
      SimulatedCuda.fail("cudnnConvolutionBiasActivationForward:1:3000");
      assertFalse(bind(true, 5, THREE, DType.FLOAT16).contains(TOGETHER));
    }
    assertTrue(bind(true, 5, THREE, DType.FLOAT16).contains(TOGETHER));
  }

  @Test
  void denseLayersAreProductsOfWhatThereIs() {
    String implementation = bind(true, 7, Window2d.square(7, 1, 0), DType.BFLOAT16);
    assertTrue(implementation.contains("cuBLAS"), implementation);
    assertTrue(implementation.endsWith("cast_f32_bf16"), implementation);
    // The bias alone is widened; it is small.
    assertTrue(implementation.startsWith("cuBLAS + cast_bf16_f32 + bias_add"), implementation);
  }

  private String bind(boolean relu, int side, Window2d window, DType dtype) {
    return bind(device, relu, side, window, dtype);
  }

  private static String bind(
      CudaDevice device, boolean relu, int side, Window2d window, DType dtype) {
    int kernel = window.vertical().kernel();
    List<TensorType> in =
        List.of(
            TensorType.of(dtype, 2, 3, side, side),
            TensorType.of(dtype, 4, 3, kernel, kernel),
            TensorType.of(dtype, 4));
    Conv2dBias op = new Conv2dBias(new Conv2d(window, 1), relu);
    return device.bind(op, in, op.outputTypes(in)).implementation();
  }
}
