package io.ventral.backend.onednn.primitive;

import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.PrimitiveDescriptor;
import io.ventral.backend.onednn.loop.CopyLoop;
import java.util.Optional;

/**
 * What is done with a product or a convolution before it is stored: operand {@code bias} is added
 * to every row or pixel, then operand {@code addend}, if any, element by element; the sum is
 * rectified if asked for.
 */
public record Ending(int bias, Optional<Integer> addend, boolean relu) {
  /** Returns the ending that adds a bias and no more, but for the rectifier. */
  public static Ending of(int bias, boolean relu) {
    return new Ending(bias, Optional.empty(), relu);
  }

  /** Returns the descriptor of a primitive that ends so. */
  public PrimitiveDescriptor primitive(Dnnl dnnl, String function, Object... arguments) {
    if (addend.isPresent()) {
      return dnnl.primitiveOntoResult(relu, function, arguments);
    }
    return relu ? dnnl.primitiveThenRelu(function, arguments) : dnnl.primitive(function, arguments);
  }

  /** Returns the beginning of a kernel that ends so: the result must hold the addend. */
  public NativeKernel.Builder kernel(Binding binding) {
    return addend
        .map(
            operand ->
                binding
                    .kernel()
                    .loop(
                        "copy unless in place",
                        operands ->
                            new CopyLoop(
                                binding.team(),
                                NativeMemory.of(operands.inputs().get(operand)),
                                NativeMemory.of(operands.outputs().getFirst())))
                    .inPlace((input, output) -> operand.equals(input)))
        .orElseGet(binding::kernel);
  }
}
