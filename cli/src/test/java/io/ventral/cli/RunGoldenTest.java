package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.io.SafetensorsFile;
import io.ventral.tensor.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** LeNet-5 on the reference against PyTorch in float64; see test-data/golden/README.md. */
class RunGoldenTest {
  private static final JsonNode GOLDEN =
      JsonMapper.builder().build().readTree(Path.of("../test-data/golden/models/lenet5.json"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"reference", "reference:0,reference:1"})
  void logitsLossesAndGradients(String device) {
    GoldenTensors files = new GoldenTensors(folder);
    CliRun run =
        CliRun.of(
            ("run lenet5 --fill golden --device %s --input %s --output %s --labels %s"
                    + " --gradients %s --steps 3 --lr 1e-3 --momentum 0.9 --weight-decay 1e-4")
                .formatted(
                    device,
                    files.images(2, 1, 28, 28),
                    files.file("Y.npy"),
                    files.labels(0, 37 % 10),
                    files.file("G.safetensors"))
                .split(" "));
    assertEquals(0, run.exitCode(), run.err());
    assertLogits(files.read("Y.npy"));
    assertLosses(run.out());
    assertGradients(folder.resolve("G.safetensors"));
  }

  @Test
  void anotherTagGivesOtherNumbers() {
    GoldenTensors files = new GoldenTensors(folder);
    String command =
        "run lenet5 --device reference --input %s --labels %s --fill golden"
            .formatted(files.images(2, 1, 28, 28), files.labels(0, 7));
    CliRun plain = CliRun.of(command.split(" "));
    CliRun tagged = CliRun.of((command + ":x").split(" "));
    assertEquals(0, tagged.exitCode(), tagged.err());
    assertTrue(tagged.out().startsWith("step 1 loss "), tagged.out());
    assertNotEquals(plain.out(), tagged.out());
  }

  private static void assertLogits(double[] logits) {
    List<Double> golden = new ArrayList<>();
    GOLDEN.get("logits_first20").forEach(row -> row.forEach(x -> golden.add(x.asDouble())));
    assertEquals(golden.size(), logits.length);
    for (int i = 0; i < logits.length; i++) {
      assertNear("logit " + i, golden.get(i), logits[i], 1e-9);
    }
  }

  private static void assertLosses(String out) {
    List<String> lines = out.lines().toList();
    JsonNode golden = GOLDEN.get("train").get("losses");
    assertEquals(golden.size(), lines.size(), out);
    for (int i = 0; i < lines.size(); i++) {
      String start = "step " + (i + 1) + " loss ";
      assertTrue(lines.get(i).startsWith(start), out);
      double loss = Double.parseDouble(lines.get(i).substring(start.length()));
      assertNear(lines.get(i), golden.get(i).asDouble(), loss, 1e-9);
    }
  }

  private static void assertGradients(Path file) {
    JsonNode golden = GOLDEN.get("train").get("gradient_norm_first_last");
    double largest = 0;
    for (JsonNode values : golden) {
      largest = Math.max(largest, values.get(0).asDouble());
    }
    try (SafetensorsFile gradients = SafetensorsFile.open(file)) {
      assertEquals(List.copyOf(golden.propertyNames()), gradients.names());
      assertEquals(List.of(120L, 400L), gradients.entry("fc1.weight").orElseThrow().shape());
      for (String name : gradients.names()) {
        try (HostTensor gradient = gradients.read(name)) {
          double[] values = gradient.toRowMajor();
          JsonNode expected = golden.get(name);
          double norm = Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
          double absolute = 1e-12 * largest;
          assertNear(name + " norm", expected.get(0).asDouble(), norm, absolute);
          assertNear(name + " first", expected.get(1).asDouble(), values[0], absolute);
          double last = values[values.length - 1];
          assertNear(name + " last", expected.get(2).asDouble(), last, absolute);
        }
      }
    }
  }

  private static void assertNear(String what, double golden, double found, double absolute) {
    assertEquals(golden, found, 1e-9 * Math.abs(golden) + absolute, what);
  }
}
