package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.op.NormalizeBytes;
import io.ventral.tensor.TensorType;
import java.util.List;

/** Images on their way into the network. */
final class ImageKernels {
  private final OpenGpu gpu;

  ImageKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  /** What each byte becomes is computed here, since it is to be rounded from double. */
  Kernel normalize(NormalizeBytes op, List<TensorType> in) {
    TensorType y = in.getFirst().with(op.dtype());
    long[] words = words(op.table());
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument.Address table = kernel.scratch((long) words.length * Long.BYTES);
    return kernel
        .step("table", new Table(gpu, table, operands -> words))
        .call(
            "image",
            "normalize_bytes_" + Format.suffix(y.dtype()),
            ElementwiseKernels.vectors(y),
            in(0),
            table,
            out(0),
            i64(y.elements()),
            i32(y.extent(1)))
        .build();
  }

  /** Returns numbers in FLOAT32, two in a word, the first in the lower half. */
  private static long[] words(double[] numbers) {
    long[] words = new long[numbers.length / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = bits(numbers[2 * i]) | bits(numbers[2 * i + 1]) << Integer.SIZE;
    }
    return words;
  }

  private static long bits(double number) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits((float) number));
  }
}
