package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DescribeCommandTest {
  private final JsonMapper mapper = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void layersOfLeNet() {
    JsonNode network = json("describe", "lenet5", "--device", "reference", "--format", "json");
    assertEquals("lenet5", network.get("model").asString());
    assertEquals(61_706, network.get("parameters").asLong());
    // 28·28·6·25 + 10·10·16·150 + 400·120 + 120·84 + 84·10
    assertEquals(117_600 + 240_000 + 48_000 + 10_080 + 840, network.get("macs").asLong());
    assertEquals(11, network.get("layers").size());
    assertEquals(
        mapper.readTree(
            """
            {"name": "conv2", "op": "conv2d", "output": [1, 16, 10, 10], "parameters": 2416,
             "macs": 240000, "activation_bytes": 12800}\
            """),
        network.get("layers").get(3));
  }

  @Test
  void aBatchCostsAsManyTimes() {
    JsonNode network =
        json("describe", "lenet5", "-b", "8", "--device", "reference", "--format", "json");
    assertEquals(8 * 416_520, network.get("macs").asLong());
    assertEquals(8 * 12_800, network.get("layers").get(3).get("activation_bytes").asLong());
    assertEquals("[8,10]", network.get("layers").get(10).get("output").toString());
  }

  @Test
  void aStepOfTrainingMovesMoreThanOneOfEvaluation() {
    long evaluation =
        json("describe", "lenet5", "--device", "reference", "--format", "json")
            .get("moved_bytes")
            .asLong();
    long training =
        json("describe", "lenet5", "--training", "--device", "reference", "--format", "json")
            .get("moved_bytes")
            .asLong();
    // Every parameter is read once; training reads gradient and momentum and writes all three.
    assertTrue(evaluation > 61_706 * 8, "evaluation " + evaluation);
    assertTrue(training > evaluation + 5 * 61_706 * 8, "training " + training);
  }

  @Test
  void memoryOfTrainingAndEvaluation() {
    JsonNode evaluation =
        json("describe", "lenet5", "--device", "reference", "--format", "json").get("memory");
    JsonNode training =
        json("describe", "lenet5", "--training", "--device", "reference", "--format", "json")
            .get("memory");
    assertEquals(0, evaluation.get("gradient_bytes").asLong());
    assertEquals(0, evaluation.get("optimizer_bytes").asLong());
    long parameters = training.get("parameter_bytes").asLong();
    assertTrue(parameters >= 61_706 * 8, training::toString);
    assertEquals(parameters, training.get("gradient_bytes").asLong());
    assertEquals(parameters, training.get("optimizer_bytes").asLong());
    long sum = 0;
    for (var field : training.properties()) {
      sum += field.getKey().equals("total_bytes") ? 0 : field.getValue().asLong();
    }
    assertEquals(sum, training.get("total_bytes").asLong());
  }

  @Test
  void verboseSaysWhatTheDeviceIs() {
    CliRun run = CliRun.of("describe", "lenet5", "--device", "reference", "-v");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("device reference:0: plain loops in float64"), run.err());
    assertEquals("", CliRun.of("describe", "lenet5", "--device", "reference").err());
  }

  @Test
  void textHasTotalsAndTheMemoryOfEachDevice() {
    CliRun run =
        CliRun.of("describe", "lenet5", "--training", "--device", "reference:0,reference:1");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().matches("(?s).*total +61,706 +416,520 .*"), run.out());
    assertTrue(run.out().contains("memory on reference:0, in MiB"), run.out());
    assertTrue(run.out().contains("memory on reference:1, in MiB"), run.out());
    assertTrue(run.out().contains("moved in a step on reference:0, in MiB"), run.out());
  }

  @Test
  void theNetworkItPrintsIsAModel() throws IOException {
    Path file = folder.resolve("net.json");
    Files.writeString(
        file, CliRun.of("describe", "lenet5", "--input", "3x32x32", "--format", "network").out());
    String[] end = {"--device", "reference", "--format", "csv"};
    assertEquals(
        CliRun.of("describe", "lenet5", "--input", "3x32x32", end[0], end[1], end[2], end[3]),
        CliRun.of("describe", file.toString(), end[0], end[1], end[2], end[3]));
  }

  @Test
  void whatCannotBe() {
    refused("did you mean lenet5?", "describe", "lenet");
    refused("such as 3x224x224", "describe", "lenet5", "--input", "28x28");
    refused("at least 1", "describe", "lenet5", "-b", "0");
    refused("conv2", "describe", "lenet5", "--input", "1x6x6");
    refused("at least one", "describe", "lenet5", "--classes", "0");
    CliRun huge = CliRun.of("describe", "lenet5", "-q", "--input", "99999999x99999999x99999999");
    assertEquals(4, huge.exitCode(), huge.err());
    assertEquals(1, huge.err().lines().count(), huge.err());
  }

  private static void refused(String part, String... args) {
    CliRun run = CliRun.of(args);
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(part), run.err());
    assertEquals("", run.out());
  }

  private JsonNode json(String... args) {
    CliRun run = CliRun.of(args);
    assertEquals(0, run.exitCode(), run.err());
    return mapper.readTree(run.out());
  }
}
