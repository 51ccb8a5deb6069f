package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceFlagsTest {
  @ParameterizedTest
  @CsvSource({
    "cpu, float32, 0, images/s",
    "reference, float32, 3, f64 alone",
    "cpu, bfloat16, 3, f32 alone",
    "cpu, float8, 2, 'float32, bfloat16, float16'",
    "cuda, float16, 3, cuda:0",
    "gpu, float32, 2, 'cpu, reference or cuda'"
  })
  void numberFormatIsTheDevicesOwnOrRefused(
      String device, String dtype, int exitCode, String says) {
    CliRun run =
        CliRun.of("bench", "lenet5", "--steps", "1", "--device", device, "--amp-dtype", dtype);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertTrue((run.out() + run.err()).contains(says), run.err());
  }
}
