package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphRewriter;
import io.ventral.tensor.DType;

/**
 * Computes in 16 bits where that pays; the one rule that changes numbers, asked for by the user.
 *
 * <pre>
 * c = Conv2d x w               c = Conv2d (Cast x) (Cast w)
 * y = Relu c                   y = Relu c
 * l = Loss y                   l = Loss (Cast y)
 * dw = Conv2dGradFilter x dc   dw = Conv2dGradFilter (Cast x) dc
 * w' = SgdStep w dw            w' = SgdStep w dw
 * </pre>
 *
 * <p>{@link Arithmetic} says which operations. Inputs, states and outputs keep their formats, so
 * parameters stay as exact as the optimizer needs them and are rounded anew in each step; what is
 * summed over the batch for them is never rounded to 16 bits. A value is cast once for all its
 * readers.
 *
 * <p>It is applied to a whole step, after differentiation: a gradient meets the value that it
 * belongs to in some operation, and takes its format. Normalisation is folded into filters ({@link
 * FoldBatchNorm}) while these still have all their bits, so that they are rounded once.
 *
 * @param format of 16 bits
 */
public record MixedPrecision(DType format) implements Rule {
  @Override
  public Graph apply(Graph graph) {
    Graph folded = new DropDeadNodes().apply(new FoldBatchNorm().apply(graph));
    return GraphRewriter.rewrite(folded, new Narrowing(folded, format));
  }
}
