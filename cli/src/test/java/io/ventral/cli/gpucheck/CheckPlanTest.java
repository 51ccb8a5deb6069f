package io.ventral.cli.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckPlanTest {
  private static CheckPlan plan(boolean pytorch) {
    return new CheckPlan("cuda", "", List.of("resnet50", "vgg16"), 256, 30, pytorch);
  }

  @Test
  void whatMattersMostIsFirst() {
    List<Cell> cells = plan(false).cells();
    assertEquals(
        List.of(
            "doctor",
            "resnet50 training bfloat16 256",
            "resnet50 inference bfloat16 256",
            "vgg16 training bfloat16 256",
            "vgg16 inference bfloat16 256",
            "resnet50 training float16 256"),
        cells.stream().map(Cell::work).limit(6).toList());
    assertEquals(
        List.of(Part.DOCTOR, Part.FIRST, Part.FIRST, Part.NETWORKS, Part.NETWORKS, Part.FORMATS),
        cells.stream().map(Cell::part).limit(6).toList());
    assertEquals(1 + 2 * 2 * 4, cells.size());
    assertEquals(cells.size(), cells.stream().map(Cell::fileName).distinct().count());
  }

  @Test
  void pyTorchComesRightBehindOurs() {
    List<Cell> cells = plan(true).cells();
    assertEquals(
        List.of(Program.VENTRAL, Program.PYTORCH, Program.PYTORCH_COMPILED),
        cells.subList(1, 4).stream().map(Cell::program).toList());
    assertEquals(1, cells.subList(1, 4).stream().map(Cell::work).distinct().count());
    assertEquals(1 + 3 * 2 * 2 * 4, cells.size());
  }

  @Test
  void tf32IsFloat32WithAFlag() {
    Cell last = plan(false).cells().getLast();
    assertEquals(
        "bench vgg16 --device cuda --format json --batch-size 256 --steps 30 --inference"
            + " --amp-dtype float32 --tf32",
        String.join(" ", last.arguments()));
  }
}
