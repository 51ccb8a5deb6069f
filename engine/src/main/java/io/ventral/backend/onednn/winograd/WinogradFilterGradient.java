package io.ventral.backend.onednn.winograd;

import io.ventral.backend.Launch;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.backend.onednn.primitive.PrimitiveStep;

/**
 * The gradient of a 3×3 filter by minimal filtering: some tiles at a time, patches of the input and
 * tiles of the result's gradient to the points, and there a product of matrices for each point,
 * added to those before; at last the sums to the filter.
 */
final class WinogradFilterGradient {
  private final Binding binding;
  private final ConvolutionChoice choice;
  private final TileRows rows;

  WinogradFilterGradient(Binding binding, ConvolutionChoice choice, TileRows rows) {
    this.binding = binding;
    this.choice = choice;
    this.rows = rows;
  }

  NativeKernel bind(ConvolutionProblem convolution) {
    WinogradProblem problem = WinogradProblem.forward(convolution);
    Tiling tiling = new Tiling(problem.result().tiles(), choice.tilesAtOnce(problem));
    int inputs = problem.source().channels();
    int outputs = problem.result().channels();
    NativeKernel.Builder kernel = binding.kernel();
    PointMatrices patches = PointMatrices.scratch(kernel, tiling.atOnce(), inputs);
    PointMatrices gradients = PointMatrices.scratch(kernel, tiling.atOnce(), outputs);
    PointMatrices sums = PointMatrices.scratch(kernel, outputs, inputs);
    PrimitiveStep first = product(kernel, tiling.first(), false, gradients, patches, sums);
    PrimitiveStep next = product(kernel, tiling.atOnce(), true, gradients, patches, sums);
    PrimitiveStep last = product(kernel, tiling.last(), true, gradients, patches, sums);
    kernel.loop(
        WinogradKernels.NAME + first.descriptor().implementation(),
        operands ->
            new TiledSum(
                binding.team(),
                tiling,
                TileGather.patches(
                    problem,
                    tiling,
                    new Argument.Input(0, 0).in(operands),
                    patches.place().in(operands),
                    rows),
                TileGather.tiles(
                    problem,
                    tiling,
                    new Argument.Input(1, 0).in(operands),
                    gradients.place().in(operands),
                    rows),
                first.place(operands),
                next.place(operands),
                last.place(operands)));
    return new WinogradFilter(binding.dnnl(), binding.team(), rows, convolution, problem)
        .fromPoints(kernel, sums.place())
        .build();
  }

  private PrimitiveStep product(
      NativeKernel.Builder kernel,
      int count,
      boolean adding,
      PointMatrices gradients,
      PointMatrices patches,
      PointMatrices sums) {
    Dnnl dnnl = binding.dnnl();
    return PointMatrices.product(
        dnnl,
        kernel,
        adding,
        gradients.transposed(dnnl, Argument.SRC, count),
        patches.first(dnnl, Argument.WEIGHTS, count),
        sums.first(dnnl, Argument.DST, sums.rows()));
  }

  private record TiledSum(
      Team team,
      Tiling tiling,
      TileGather patches,
      TileGather gradients,
      Launch first,
      Launch next,
      Launch last)
      implements Launch {
    @Override
    public void run() {
      for (int begin = 0; begin < tiling.tiles(); begin += tiling.atOnce()) {
        int count = tiling.count(begin);
        team.share(count, patches.from(begin));
        team.share(count, gradients.from(begin));
        product(begin, count).run();
      }
    }

    private Launch product(int begin, int count) {
      if (begin == 0) {
        return first;
      }
      return count == tiling.atOnce() ? next : last;
    }
  }
}
