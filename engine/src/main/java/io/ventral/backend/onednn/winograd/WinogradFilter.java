package io.ventral.backend.onednn.winograd;

import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;

/** The filter of a convolution on its way between our order and the points. */
record WinogradFilter(
    Dnnl dnnl, Team team, TileRows rows, ConvolutionProblem convolution, WinogradProblem problem) {
  private static final int EDGE = 3;
  private static final int POSITIONS = EDGE * EDGE;

  /** Returns the bytes of the filter at the points. */
  long bytes() {
    return PointMatrices.bytes(problem.pairs());
  }

  /** Adds what brings operand {@code operand} to the points: matrices of [inputs, outputs]. */
  NativeKernel.Builder toPoints(NativeKernel.Builder kernel, int operand, Argument.Place points) {
    MemorySegment plain = convolution.plainFilter();
    MemorySegment byPosition = byPosition(problem.gradient());
    Argument.Place positions = positions(kernel);
    return kernel
        .primitive(
            dnnl.reorder(plain, byPosition),
            Argument.input(Argument.SRC, plain, operand),
            new Argument(Argument.DST, byPosition, positions))
        .loop(
            "loop: filter to points",
            operands -> {
              FilterToPoints loop =
                  new FilterToPoints(
                      problem.pairs(),
                      problem.gradient(),
                      positions.in(operands),
                      points.in(operands),
                      rows);
              return () -> team.forEach(problem.pairs(), WinogradTransform.BLOCK, loop);
            });
  }

  /** Adds what makes output 0 of its gradient at the points: matrices of [outputs, inputs]. */
  NativeKernel.Builder fromPoints(NativeKernel.Builder kernel, Argument.Place points) {
    MemorySegment plain = convolution.plainFilter();
    MemorySegment byPosition = byPosition(/* outputsFirst= */ true);
    Argument.Place positions = positions(kernel);
    return kernel
        .loop(
            "loop: points to filter",
            operands -> {
              FilterFromPoints loop =
                  new FilterFromPoints(
                      problem.pairs(), points.in(operands), positions.in(operands), rows);
              return () -> team.forEach(problem.pairs(), WinogradTransform.BLOCK, loop);
            })
        .primitive(
            dnnl.reorder(byPosition, plain),
            new Argument(Argument.SRC, byPosition, positions),
            Argument.output(Argument.DST, plain, 0));
  }

  private Argument.Place positions(NativeKernel.Builder kernel) {
    return kernel.scratch(POSITIONS * problem.pairs() * Float.BYTES);
  }

  /** Returns the descriptor of nine matrices, one a position. */
  private MemorySegment byPosition(boolean outputsFirst) {
    long outputs = convolution.y().extent(1);
    long inputs = convolution.x().extent(1);
    return dnnl.descriptor(
        DType.FLOAT32,
        new long[] {outputs, inputs, EDGE, EDGE},
        new long[] {
          outputsFirst ? inputs : 1,
          outputsFirst ? 1 : outputs,
          EDGE * problem.pairs(),
          problem.pairs()
        });
  }
}
