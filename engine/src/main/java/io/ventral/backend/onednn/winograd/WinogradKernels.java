package io.ventral.backend.onednn.winograd;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Preparation;
import io.ventral.backend.onednn.library.Dnnl;
import io.ventral.backend.onednn.library.Team;
import io.ventral.backend.onednn.primitive.Argument;
import io.ventral.backend.onednn.primitive.Binding;
import io.ventral.backend.onednn.primitive.ConvolutionProblem;
import io.ventral.backend.onednn.primitive.Ending;
import io.ventral.backend.onednn.primitive.NativeKernel;
import io.ventral.backend.onednn.primitive.PrimitiveStep;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * 3×3 convolutions by minimal filtering, see {@link WinogradTransform}: the filter is brought to
 * the points, ahead of the runs where it stays the same; then some tiles at a time, so that what is
 * between the steps stays in the caches, patches to points, a product of matrices for each point,
 * points to results.
 */
public final class WinogradKernels {
  static final String NAME = "winograd 4x4 on ";

  private final Binding binding;
  private final ConvolutionChoice choice;
  private final Dnnl dnnl;
  private final Team team;
  private final TileRows rows;

  /** Returns what makes kernels, in tiles as {@code choice} says. */
  public WinogradKernels(Binding binding, ConvolutionChoice choice) {
    this.binding = binding;
    this.choice = choice;
    this.dnnl = binding.dnnl();
    this.team = binding.team();
    this.rows = new TileRows(team.threads());
  }

  /** Returns the convolution, with what is added and rectified at its end. */
  public NativeKernel forward(ConvolutionProblem convolution, Optional<Ending> ending) {
    return convolve(convolution, WinogradProblem.forward(convolution), 1, ending);
  }

  /** Returns the gradient for the input. */
  public NativeKernel gradInput(ConvolutionProblem convolution) {
    return convolve(convolution, WinogradProblem.gradInput(convolution), 0, Optional.empty());
  }

  /** Returns the gradient for the filter. */
  public NativeKernel gradFilter(ConvolutionProblem convolution) {
    return new WinogradFilterGradient(binding, choice, rows).bind(convolution);
  }

  /**
   * Returns the kernel.
   *
   * @param operand the number of the filter, 0 or 1; the source is the other
   */
  private NativeKernel convolve(
      ConvolutionProblem convolution,
      WinogradProblem problem,
      int operand,
      Optional<Ending> ending) {
    WinogradFilter filter = new WinogradFilter(dnnl, team, rows, convolution, problem);
    NativeKernel.Builder whole = binding.kernel();
    Argument.Place scratch = whole.scratch(filter.bytes());
    filter.toPoints(whole, operand, scratch);
    Preparation ahead =
        new Preparation(
            filter
                .toPoints(binding.kernel().saves(filter.bytes()), 0, new Argument.Output(0))
                .build(),
            added(
                    tiles(
                        binding.kernel(), problem, operand, new Argument.Input(operand, 0), ending),
                    convolution,
                    ending)
                .build());
    return added(tiles(whole, problem, operand, scratch, ending), convolution, ending)
        .build()
        .preparing(operand, ahead);
  }

  /** Adds what {@code ending} adds element by element, in a pass of its own. */
  private NativeKernel.Builder added(
      NativeKernel.Builder kernel, ConvolutionProblem convolution, Optional<Ending> ending) {
    Optional<Integer> addend = ending.flatMap(Ending::addend);
    if (addend.isEmpty()) {
      return kernel;
    }
    MemorySegment y = dnnl.descriptor(convolution.y());
    return kernel.primitive(
        dnnl.sum(y, ending.get().relu()),
        Argument.output(Argument.SRC, y, 0),
        Argument.input(Argument.SRC_1, y, addend.get()),
        Argument.output(Argument.DST, y, 0));
  }

  private NativeKernel.Builder tiles(
      NativeKernel.Builder kernel,
      WinogradProblem problem,
      int operand,
      Argument.Place filter,
      Optional<Ending> ending) {
    Tiling tiling = new Tiling(problem.result().tiles(), choice.tilesAtOnce(problem));
    int inputs = problem.source().channels();
    int outputs = problem.result().channels();
    PointMatrices patches = PointMatrices.scratch(kernel, tiling.atOnce(), inputs);
    PointMatrices filters = new PointMatrices(filter, inputs, outputs);
    PointMatrices results = PointMatrices.scratch(kernel, tiling.atOnce(), outputs);
    PrimitiveStep product = product(kernel, tiling.atOnce(), patches, filters, results);
    PrimitiveStep last = product(kernel, tiling.last(), patches, filters, results);
    Argument.Input source = new Argument.Input(1 - operand, 0);
    return kernel.loop(
        NAME + product.descriptor().implementation(),
        operands ->
            new TiledConvolution(
                team,
                tiling,
                TileGather.patches(
                    problem, tiling, source.in(operands), patches.place().in(operands), rows),
                product.place(operands),
                last.place(operands),
                new TileScatter(
                    problem.result(),
                    tiling,
                    results.place().in(operands),
                    new Argument.Output(0).in(operands),
                    rows,
                    ending(ending, operands))));
  }

  private PrimitiveStep product(
      NativeKernel.Builder kernel, int count, PointMatrices a, PointMatrices b, PointMatrices c) {
    return PointMatrices.product(
        dnnl,
        kernel,
        /* adding= */ false,
        a.first(dnnl, Argument.SRC, count),
        b.first(dnnl, Argument.WEIGHTS, b.rows()),
        c.first(dnnl, Argument.DST, count));
  }

  private TileEnding ending(Optional<Ending> ending, Operands operands) {
    return ending
        .<TileEnding>map(
            e ->
                new TileEnding.Bias(
                    new Argument.Input(e.bias(), 0).in(operands),
                    e.relu() && e.addend().isEmpty(),
                    team.threads()))
        .orElseGet(TileEnding::none);
  }

  private record TiledConvolution(
      Team team, Tiling tiling, TileGather gather, Launch product, Launch last, TileScatter scatter)
      implements Launch {
    @Override
    public void run() {
      for (int begin = 0; begin < tiling.tiles(); begin += tiling.atOnce()) {
        int count = tiling.count(begin);
        team.share(count, gather.from(begin));
        (count == tiling.atOnce() ? product : last).run();
        team.share(count, scatter.from(begin));
      }
    }
  }
}
