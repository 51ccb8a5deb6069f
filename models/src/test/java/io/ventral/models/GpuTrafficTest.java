package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.backend.cuda.CudaDevice;
import io.ventral.graph.Graph;
import io.ventral.graph.Traffic;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dBias;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.rewrite.MixedPrecision;
import io.ventral.rewrite.Rewrites;
import io.ventral.tensor.DType;
import io.ventral.train.EvaluationProgram;
import io.ventral.train.Optimizer;
import io.ventral.train.TrainingProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes that docs/performance.md says a step of ResNet-50 on a GPU has to move. */
class GpuTrafficTest {
  private static final int BATCH = 256;
  private static final double GB = 1e9;

  @Test
  void thePageSaysWhatIsCounted() throws IOException {
    List<String> rows = rows(Traffic.of(step().nodes(), 0));
    List<String> page = Files.readAllLines(Path.of("..", "docs", "performance.md"));
    assertEquals(
        rows, page.stream().filter(rows::contains).toList(), () -> String.join("\n", rows));
  }

  @Test
  void theStemsOfAllNetworksButTheSmallestGetTheChannelsOfTensorCores() {
    for (NetworkDefinition model : Models.all()) {
      Network network = model.define(model.defaults());
      Graph plain = EvaluationProgram.build(network, BATCH, DType.FLOAT32).graph();
      Graph mixed = new MixedPrecision(DType.BFLOAT16).apply(plain);
      Graph rewritten = Rewrites.apply(mixed, List.of(CudaDevice.TRAITS));
      Value images =
          rewritten.nodes().stream()
              .filter(node -> isConvolution(node.op()))
              .findFirst()
              .orElseThrow()
              .inputs()
              .getFirst();
      String name = network.name();
      int channels =
          name.equals("lenet5") ? 1 : name.startsWith("resnet") || name.equals("googlenet") ? 4 : 8;
      assertEquals(channels, images.type().extent(1), name);
    }
  }

  private static boolean isConvolution(Op op) {
    return op instanceof Conv2d || op instanceof Conv2dBias;
  }

  private static Graph step() {
    NetworkDefinition model = Models.find("resnet50").orElseThrow();
    Network network = model.define(model.defaults());
    LoweringOptions lowering = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    Graph plain =
        TrainingProgram.build(
                network,
                BATCH,
                new TrainingProgram.Options(lowering, sgd, 0.1, Optional.empty(), false))
            .graph();
    Graph mixed = new MixedPrecision(DType.BFLOAT16).apply(plain);
    return Rewrites.apply(mixed, List.of(CudaDevice.TRAITS));
  }

  private static List<String> rows(List<Traffic> all) {
    List<String> rows = new ArrayList<>();
    int nodes = 0;
    long bytes = 0;
    for (Traffic traffic : all) {
      if (traffic.bytes() >= GB / 100) {
        rows.add(row(traffic.operation(), traffic.nodes(), traffic.bytes()));
      }
      nodes += traffic.nodes();
      bytes += traffic.bytes();
    }
    rows.add(row("all", nodes, bytes));
    return rows;
  }

  private static String row(String operation, int nodes, long bytes) {
    return String.format(Locale.ROOT, "| `%s` | %d | %.2f |", operation, nodes, bytes / GB);
  }
}
