package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceFlagsTest {
  @ParameterizedTest
  @CsvSource({
    "cpu, float32, 0, training f32",
    "reference, float32, 0, training f32",
    "reference, bfloat16, 0, training bf16",
    "cpu, float16, 3, loss scaling",
    "cpu, float8, 2, 'float32, bfloat16, float16'",
    "cuda, float16, 3, cuda:0",
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

  @Test
  void aNamedFormatGoesBeforeTheBest() {
    CliRun run = CliRun.of("bench", "lenet5", "--steps", "1", "--amp", "--amp-dtype", "float32");
    assertTrue(run.out().contains("training f32"), run.err());
  }
}
