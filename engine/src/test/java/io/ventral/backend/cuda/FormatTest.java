package io.ventral.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.error.ErrorKind;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.FiniteCheck;
import io.ventral.op.MatMul;
import io.ventral.op.Op;
import io.ventral.op.Relu;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Expect;
import io.ventral.testing.SimulatedCuda;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatTest {
  @ParameterizedTest
  @EnumSource
  void aFormatIsOneOfThoseInWhichKernelsCompute(Format format) {
    DType dtype = DType.valueOf(format.name());
    assertTrue(Format.isComputed(dtype));
    assertEquals(format, Format.of(dtype));
    assertEquals(dtype.shortName(), Format.suffix(dtype));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "INT64", "INT32", "UINT8", "OPAQUE"})
  void othersAreRefusedByName(DType dtype) {
    assertFalse(Format.isComputed(dtype));
    Expect.error(
        ErrorKind.UNSUPPORTED,
        () -> Format.require(dtype),
        "f32, f16 and bf16, not in " + dtype.shortName());
  }

  /** Whether a kernel of ours, cuDNN or cuBLAS would compute it. */
  @Test
  void everyKernelRefusesThemInTheSameWords() {
    assumeTrue(SimulatedCuda.isBuilt(), "the simulation of CUDA is not built: no g++");
    TensorType images = TensorType.of(DType.FLOAT64, 2, 3, 5, 5);
    TensorType filters = TensorType.of(DType.FLOAT64, 4, 3, 3, 3);
    TensorType matrix = TensorType.of(DType.FLOAT64, 3, 3);
    Conv2d conv = new Conv2d(Window2d.square(3, 1, 1), 1);
    try (CudaDevice device = SimulatedCuda.open(0, SimulatedCuda.options())) {
      refused(device, new Relu(), images);
      refused(device, conv, images, filters);
      refused(device, new Conv2dBias(conv, true), images, filters, TensorType.of(DType.FLOAT64, 4));
      refused(device, new Conv2d(Window2d.square(5, 1, 0), 1), images, images);
      refused(device, new MatMul(false, false), matrix, matrix);
      refused(device, new FiniteCheck(false), matrix);
    }
  }

  private static void refused(CudaDevice device, Op op, TensorType... inputs) {
    List<TensorType> in = List.of(inputs);
    List<TensorType> out = op.outputTypes(in);
    Expect.error(
        ErrorKind.UNSUPPORTED, () -> device.bind(op, in, out), "computes in", "not in f64");
  }
}
