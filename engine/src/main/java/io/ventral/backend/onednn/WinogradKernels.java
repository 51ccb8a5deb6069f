package io.ventral.backend.onednn;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.MatrixKernels.Ending;
import io.ventral.backend.onednn.OneDnnKernels.Binding;
import io.ventral.backend.onednn.WinogradProblem.Images;
import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * 3×3 convolutions by minimal filtering. Some tiles at a time, so that what is between the steps
 * stays in the caches: patches to points, one product of matrices a point, points to results.
 */
final class WinogradKernels {
  private static final int POINTS = WinogradTransform.POINTS;
  private static final int POSITIONS = 9;
  private static final String NAME = "winograd 4x4 on ";

  private final Binding binding;
  private final Dnnl dnnl;
  private final Team team;
  private final TileRows rows;

  WinogradKernels(Binding binding) {
    this.binding = binding;
    this.dnnl = binding.dnnl();
    this.team = binding.team();
    this.rows = new TileRows(team.threads());
  }

  NativeKernel forward(ConvolutionProblem convolution, Optional<Ending> ending) {
    WinogradProblem problem = WinogradProblem.forward(convolution);
    NativeKernel.Builder kernel = binding.kernel();
    long outputs = problem.result().channels();
    MemorySegment byPosition = byPosition(convolution, problem, 1, outputs);
    Argument.Place points = filter(kernel, convolution, byPosition, problem.pairs(), 1, false);
    return convolve(kernel, problem, 0, points, ending).build();
  }

  NativeKernel gradInput(ConvolutionProblem convolution) {
    WinogradProblem problem = WinogradProblem.gradInput(convolution);
    NativeKernel.Builder kernel = binding.kernel();
    long inputs = problem.result().channels();
    MemorySegment byPosition = byPosition(convolution, problem, inputs, 1);
    Argument.Place points = filter(kernel, convolution, byPosition, problem.pairs(), 0, true);
    return convolve(kernel, problem, 1, points, Optional.empty()).build();
  }

  NativeKernel gradFilter(ConvolutionProblem convolution) {
    WinogradProblem problem = WinogradProblem.forward(convolution);
    NativeKernel.Builder kernel = binding.kernel();
    Images x = problem.source();
    Images dy = problem.result();
    int tiles = dy.tiles();
    int capacity = binding.choice().tilesAtOnce(problem);
    Argument.Place patches = matrices(kernel, (long) capacity * x.channels());
    Argument.Place gradients = matrices(kernel, (long) capacity * dy.channels());
    Argument.Place sums = matrices(kernel, problem.pairs());
    SumOfProducts products =
        new SumOfProducts(capacity, dy.channels(), x.channels(), gradients, patches, sums);
    PrimitiveStep first = products.of(kernel, Math.min(tiles, capacity), false);
    PrimitiveStep next = products.of(kernel, capacity, true);
    PrimitiveStep last = products.of(kernel, Tiling.last(tiles, capacity), true);
    kernel.loop(
        NAME + first.descriptor().implementation(),
        operands -> {
          Argument.Input from = new Argument.Input(0, 0);
          TileGather gatherPatches =
              new TileGather(
                  WinogradTransform.PATCH,
                  x,
                  dy,
                  problem.top(),
                  problem.left(),
                  capacity,
                  from.in(operands),
                  patches.in(operands),
                  rows);
          TileGather gatherTiles =
              new TileGather(
                  WinogradTransform.TILE,
                  dy,
                  dy,
                  0,
                  0,
                  capacity,
                  new Argument.Input(1, 0).in(operands),
                  gradients.in(operands),
                  rows);
          return new TiledFilterGradient(
              team,
              new Tiling(tiles, capacity),
              gatherPatches,
              gatherTiles,
              first.place(operands),
              next.place(operands),
              last.place(operands));
        });
    return filterGradient(kernel, convolution, problem, sums).build();
  }

  /** Adds what makes the gradient of the filter from its 36 matrices. */
  private NativeKernel.Builder filterGradient(
      NativeKernel.Builder kernel,
      ConvolutionProblem convolution,
      WinogradProblem problem,
      Argument.Place sums) {
    long pairs = problem.pairs();
    MemorySegment plain = convolution.plainFilter();
    MemorySegment byPosition = byPosition(convolution, problem, problem.source().channels(), 1);
    Argument.Place positions = kernel.scratch(POSITIONS * pairs * Float.BYTES);
    return kernel
        .loop(
            "loop: points to filter",
            operands -> {
              FilterFromPoints loop =
                  new FilterFromPoints(pairs, sums.in(operands), positions.in(operands), rows);
              return () -> team.forEach(pairs, WinogradTransform.BLOCK, loop);
            })
        .primitive(
            dnnl.reorder(byPosition, plain),
            new Argument(Argument.SRC, byPosition, positions),
            Argument.output(Argument.DST, plain, 0));
  }

  /**
   * Returns the descriptor of a filter as nine matrices, one a position.
   *
   * @param output elements between two outputs
   * @param input elements between two inputs
   */
  private MemorySegment byPosition(
      ConvolutionProblem convolution, WinogradProblem problem, long output, long input) {
    long pairs = problem.pairs();
    return dnnl.descriptor(
        DType.FLOAT32,
        new long[] {convolution.y().extent(1), convolution.x().extent(1), 3, 3},
        new long[] {output, input, 3 * pairs, pairs});
  }

  /** Adds what brings the filter to the points, and returns where it is then. */
  private Argument.Place filter(
      NativeKernel.Builder kernel,
      ConvolutionProblem convolution,
      MemorySegment byPosition,
      long pairs,
      int operand,
      boolean turned) {
    MemorySegment plain = convolution.plainFilter();
    Argument.Place positions = kernel.scratch(POSITIONS * pairs * Float.BYTES);
    Argument.Place points = matrices(kernel, pairs);
    kernel
        .primitive(
            dnnl.reorder(plain, byPosition),
            Argument.input(Argument.SRC, plain, operand),
            new Argument(Argument.DST, byPosition, positions))
        .loop(
            "loop: filter to points",
            operands -> {
              FilterToPoints loop =
                  new FilterToPoints(
                      pairs, turned, positions.in(operands), points.in(operands), rows);
              return () -> team.forEach(pairs, WinogradTransform.BLOCK, loop);
            });
    return points;
  }

  private NativeKernel.Builder convolve(
      NativeKernel.Builder kernel,
      WinogradProblem problem,
      int operand,
      Argument.Place filter,
      Optional<Ending> ending) {
    Images source = problem.source();
    Images result = problem.result();
    int tiles = result.tiles();
    int capacity = binding.choice().tilesAtOnce(problem);
    Argument.Place patches = matrices(kernel, (long) capacity * source.channels());
    Argument.Place products = matrices(kernel, (long) capacity * result.channels());
    Products product =
        new Products(capacity, source.channels(), result.channels(), patches, filter, products);
    PrimitiveStep all = product.of(kernel, capacity);
    PrimitiveStep last = product.of(kernel, Tiling.last(tiles, capacity));
    return kernel.loop(
        NAME + all.descriptor().implementation(),
        operands -> {
          TileGather gather =
              new TileGather(
                  WinogradTransform.PATCH,
                  source,
                  result,
                  problem.top(),
                  problem.left(),
                  capacity,
                  new Argument.Input(operand, 0).in(operands),
                  patches.in(operands),
                  rows);
          TileScatter scatter =
              new TileScatter(
                  result,
                  capacity,
                  products.in(operands),
                  new Argument.Output(0).in(operands),
                  rows,
                  ending(ending, operands));
          return new TiledConvolution(
              team,
              new Tiling(tiles, capacity),
              gather,
              all.place(operands),
              last.place(operands),
              scatter);
        });
  }

  private TileEnding ending(Optional<Ending> ending, Operands operands) {
    return ending
        .<TileEnding>map(
            e ->
                new TileEnding.Bias(
                    new Argument.Input(e.bias(), 0).in(operands), e.relu(), team.threads()))
        .orElseGet(TileEnding::none);
  }

  private static Argument.Place matrices(NativeKernel.Builder kernel, long elements) {
    return kernel.scratch(POINTS * elements * Float.BYTES);
  }

  /** Matrices of [capacity, depth], of which some rows count, times [depth, columns]. */
  private final class Products {
    private final long capacity;
    private final long depth;
    private final long columns;
    private final Argument.Place left;
    private final Argument.Place right;
    private final Argument.Place result;

    Products(
        long capacity,
        long depth,
        long columns,
        Argument.Place left,
        Argument.Place right,
        Argument.Place result) {
      this.capacity = capacity;
      this.depth = depth;
      this.columns = columns;
      this.left = left;
      this.right = right;
      this.result = result;
    }

    PrimitiveStep of(NativeKernel.Builder kernel, long count) {
      MemorySegment a = descriptor(new long[] {POINTS, count, depth}, capacity * depth, depth, 1);
      MemorySegment b =
          descriptor(new long[] {POINTS, depth, columns}, depth * columns, columns, 1);
      MemorySegment c =
          descriptor(new long[] {POINTS, count, columns}, capacity * columns, columns, 1);
      return kernel.step(
          dnnl.primitive("dnnl_matmul_primitive_desc_create", a, b, MemorySegment.NULL, c),
          new Argument(Argument.SRC, a, left),
          new Argument(Argument.WEIGHTS, b, right),
          new Argument(Argument.DST, c, result));
    }
  }

  /** Matrices of [capacity, height], transposed, times [capacity, width]: some rows count. */
  private final class SumOfProducts {
    private final long capacity;
    private final long height;
    private final long width;
    private final Argument.Place left;
    private final Argument.Place right;
    private final Argument.Place result;

    SumOfProducts(
        long capacity,
        long height,
        long width,
        Argument.Place left,
        Argument.Place right,
        Argument.Place result) {
      this.capacity = capacity;
      this.height = height;
      this.width = width;
      this.left = left;
      this.right = right;
      this.result = result;
    }

    PrimitiveStep of(NativeKernel.Builder kernel, long count, boolean added) {
      MemorySegment a =
          descriptor(new long[] {POINTS, height, count}, capacity * height, 1, height);
      MemorySegment b = descriptor(new long[] {POINTS, count, width}, capacity * width, width, 1);
      MemorySegment c = descriptor(new long[] {POINTS, height, width}, height * width, width, 1);
      Object[] descriptors = {a, b, MemorySegment.NULL, c};
      String function = "dnnl_matmul_primitive_desc_create";
      return kernel.step(
          added
              ? dnnl.primitiveAdding(function, descriptors)
              : dnnl.primitive(function, descriptors),
          new Argument(Argument.SRC, a, left),
          new Argument(Argument.WEIGHTS, b, right),
          new Argument(Argument.DST, c, result));
    }
  }

  private MemorySegment descriptor(long[] dims, long... strides) {
    return dnnl.descriptor(DType.FLOAT32, dims, strides);
  }

  /** Tiles in their order, some at once. */
  record Tiling(int tiles, int atOnce) {
    /** Returns how many tiles come last. */
    static int last(int tiles, int atOnce) {
      return tiles - (Math.ceilDiv(tiles, atOnce) - 1) * atOnce;
    }
  }

  /** A convolution, some tiles at a time. */
  private record TiledConvolution(
      Team team, Tiling tiling, TileGather gather, Launch product, Launch last, TileScatter scatter)
      implements Launch {
    @Override
    public void run() {
      for (int first = 0; first < tiling.tiles; first += tiling.atOnce) {
        int count = Math.min(tiling.atOnce, tiling.tiles - first);
        team.share(count, gather.from(first));
        (count == tiling.atOnce ? product : last).run();
        team.share(count, scatter.from(first));
      }
    }
  }

  /** The gradient of a filter at the points, summed some tiles at a time. */
  private record TiledFilterGradient(
      Team team,
      Tiling tiling,
      TileGather patches,
      TileGather gradients,
      Launch firstProduct,
      Launch product,
      Launch last)
      implements Launch {
    @Override
    public void run() {
      for (int first = 0; first < tiling.tiles; first += tiling.atOnce) {
        int count = Math.min(tiling.atOnce, tiling.tiles - first);
        team.share(count, patches.from(first));
        team.share(count, gradients.from(first));
        if (first == 0) {
          firstProduct.run();
        } else {
          (count == tiling.atOnce ? product : last).run();
        }
      }
    }
  }
}
