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

  /** Returns the descriptor of a primitive that ends so, if there is an ending. */
  public static PrimitiveDescriptor primitive(
      Optional<Ending> ending, Dnnl dnnl, String function, Object... arguments) {
    return ending
        .map(e -> e.primitive(dnnl, function, arguments))
        .orElseGet(() -> dnnl.primitive(function, arguments));
  }

  private PrimitiveDescriptor primitive(Dnnl dnnl, String function, Object... arguments) {
    return addend.isPresent()
        ? dnnl.primitiveOntoResult(relu, function, arguments)
        : dnnl.primitiveThenRelu(relu, function, arguments);
  }

  /**
   * Returns the beginning of a kernel that ends so, if there is an ending: the result must hold the
   * addend.
   */
  public static NativeKernel.Builder kernel(Optional<Ending> ending, Binding binding) {
    return ending.map(e -> e.kernel(binding)).orElseGet(binding::kernel);
  }

  private NativeKernel.Builder kernel(Binding binding) {
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
