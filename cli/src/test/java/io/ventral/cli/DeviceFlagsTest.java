package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceFlagsTest {
  @ParameterizedTest
  @CsvSource({
    "cpu, float32, 0, training f32",
    "reference, float32, 0, training f32",
    "reference, bfloat16, 0, training bf16",
    "reference, float16, 0, training f16",
    "cpu, float16, 3, cuda and reference compute in it",
    "cpu, float8, 2, 'float32, bfloat16, float16'",
    "gpu, float32, 2, 'cpu, reference or cuda'"
  })
  void numberFormatIsUsedOrRefused(String device, String dtype, int exitCode, String says) {
    CliRun run =
        CliRun.of("bench", "lenet5", "--steps", "1", "--device", device, "--amp-dtype", dtype);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertTrue((run.out() + run.err()).contains(says), run.err());
  }

  @Test
  void bfloat16OnCpuNeedsInstructions() {
    CliRun run = CliRun.of("bench", "lenet5", "--steps", "1", "--device", "cpu", "--amp");
    switch (run.exitCode()) {
      case 0 -> assertTrue(run.out().contains("training bf16"), run.out());
      case 3 -> assertTrue(run.err().contains("AVX512-BF16"), run.err());
      default -> fail(run.err());
    }
  }

  /** BFLOAT16 came with compute capability 8.0. */
  @ParameterizedTest
  @CsvSource({"8.0, bfloat16, training bf16", "7.5, float16, training f16"})
  void theBest16BitsDependOnTheGpu(String capability, String chosen, String says) {
    Simulation.require();
    Simulation.restart("capability=" + capability);
    try {
      CliRun run = bench("--amp");
      assertEquals(0, run.exitCode(), run.err());
      assertTrue(run.err().contains("--amp: " + chosen + " on cuda:0"), run.err());
      assertTrue(run.out().contains(says), run.out());
    } finally {
      Simulation.restart("");
    }
  }

  /** What was asked for the choice is not asked again to check it. */
  @Test
  void theBestIsAskedForOnce() {
    Simulation.require();
    assertEquals(questions("--amp-dtype", "bfloat16"), questions("--amp"));
  }

  private static int questions(String... flags) {
    Simulation.restart("");
    CliRun run = bench(flags);
    assertEquals(0, run.exitCode(), run.err());
    return Simulation.calls("cuDeviceGetAttribute");
  }

  @Test
  void bfloat16NeedsItsInstructionsOnGpusToo() {
    Simulation.require();
    Simulation.restart("capability=7.5");
    try {
      Digits.assertFails(bench("--amp-dtype", "bfloat16"), 3, "cuda:0", "8.0", "float16 fits");
    } finally {
      Simulation.restart("");
    }
  }

  private static CliRun bench(String... more) {
    List<String> words = new ArrayList<>(List.of("bench", "lenet5", "--steps", "1"));
    words.addAll(List.of("--batch-size", "1", "--device", "cuda", "--cudnn-workspace", "4"));
    words.addAll(List.of(more));
    return CliRun.of(words.toArray(String[]::new));
  }

  @Test
  void aNamedFormatGoesBeforeTheBest() {
    CliRun run = CliRun.of("bench", "lenet5", "--steps", "1", "--amp", "--amp-dtype", "float32");
    assertTrue(run.out().contains("training f32"), run.err());
  }
}
