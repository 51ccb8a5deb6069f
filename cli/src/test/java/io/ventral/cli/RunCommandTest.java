package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.io.NpyFile;
import io.ventral.io.SafetensorsFile;
import io.ventral.io.SafetensorsWriter;
import io.ventral.network.GoldenFill;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String LENET = "lenet5 --fill golden ";

  /** A network whose normalisation and auxiliary output make training differ from evaluation. */
  private static final String DEFINITION =
      """
      import io.ventral.network.*;

      public final class Small implements NetworkDefinition {
        public String name() { return "small"; }
        public String description() { return "small"; }
        public NetworkRequest defaults() { return new NetworkRequest(3, 4, 4, 5); }
        public Network define(NetworkRequest request) {
          NetworkBuilder net = new NetworkBuilder(name(), request);
          var x = net.dropout(net.batchNorm("bn", net.input(), 1e-5, 0.1), 0.5);
          net.auxiliary(net.linear("aux", x, request.classes()), 0.3);
          return net.build(net.linear("fc", x, request.classes()));
        }
      }
      """;

  private static final Map<String, int[]> SMALL_FOR_SEVEN_CLASSES =
      Map.of(
          "bn.weight", new int[] {3},
          "bn.bias", new int[] {3},
          "bn.running_mean", new int[] {3},
          "bn.running_var", new int[] {3},
          "aux.weight", new int[] {7, 48},
          "aux.bias", new int[] {7},
          "fc.weight", new int[] {7, 48},
          "fc.bias", new int[] {7});

  @TempDir Path folder;
  private GoldenTensors files;
  private String images;

  @BeforeEach
  void writeImages() {
    files = new GoldenTensors(folder);
    images = files.images(2, 1, 28, 28);
  }

  @Test
  void layersByNameAndTheOutputByPosition() {
    run(
        LENET
            + "--input input=%s --output %s --output output=%s --output fc3=%s --output conv1=%s"
                .formatted(
                    images,
                    files.file("Y.npy"),
                    files.file("O.npy"),
                    files.file("F.npy"),
                    files.file("C.npy")));
    assertEquals(20, files.read("Y.npy").length);
    assertArrayEquals(files.read("Y.npy"), files.read("O.npy"));
    assertArrayEquals(files.read("Y.npy"), files.read("F.npy"));
    try (HostTensor conv1 = NpyFile.read(folder.resolve("C.npy"))) {
      assertEquals(TensorType.of(DType.FLOAT64, 2, 6, 28, 28), conv1.type());
    }
  }

  @Test
  void theSizeFollowsTheInput() {
    String large = files.images(TensorType.of(DType.FLOAT32, 3, 2, 32, 36));
    run(LENET + "--classes 4 --input " + large + " --output " + files.file("Y.npy"));
    assertEquals(12, files.read("Y.npy").length);
  }

  @Test
  void trainingNormalisesByTheBatch() throws IOException {
    Path definition = folder.resolve("Small.java");
    Files.writeString(definition, DEFINITION);
    String command =
        "%s --fill golden --input %s --output bn=%s --labels %s"
            .formatted(
                definition,
                files.images(4, 3, 4, 4),
                files.file("N.npy"),
                files.labels(0, 4, 2, 1));
    String losses = run(command);
    double[] evaluated = files.read("N.npy");
    assertEquals(losses, run(command + " --train"), "dropout would change the loss");
    double[] trained = files.read("N.npy");
    // By the batch, the mean of a channel is the bias alone.
    try (HostTensor bias = new GoldenFill("").uniform("bn.bias", TensorType.of(DType.FLOAT64, 3))) {
      assertEquals(0.1 * bias.get(0), firstChannelMean(trained), 1e-12);
      assertNotEquals(0.1 * bias.get(0), firstChannelMean(evaluated), 1e-3);
    }
  }

  private static double firstChannelMean(double[] values) {
    double sum = 0;
    for (int sample = 0; sample < 4; sample++) {
      sum += Arrays.stream(values, sample * 48, sample * 48 + 16).sum();
    }
    return sum / 64;
  }

  @Test
  void lossesAsJsonAndCsv() {
    String command = LENET + "--steps 2 --input " + images + " --labels " + files.labels(0, 7);
    String text = run(command);
    String json = run(command + " --format json");
    assertEquals(
        json,
        text.replace("step ", "{\"step\":").replace(" loss ", ",\"loss\":").replace("\n", "}\n"));
    assertEquals(
        "step,loss\n" + text.replace("step ", "").replace(" loss ", ","),
        run(command + " --format csv"));
  }

  @Test
  void gradientsInFloat16AreThoseOfTheLossNotOfItsScale() {
    String command =
        LENET + "--input " + images + " --labels " + files.labels(0, 7) + " --gradients ";
    run(command + files.file("exact.safetensors"));
    run(command + files.file("half.safetensors") + " --amp-dtype float16");
    try (SafetensorsFile exact = SafetensorsFile.open(folder.resolve("exact.safetensors"));
        SafetensorsFile half = SafetensorsFile.open(folder.resolve("half.safetensors"));
        HostTensor expected = exact.read("fc3.bias");
        HostTensor found = half.read("fc3.bias")) {
      assertEquals(DType.FLOAT32, found.type().dtype());
      // Probabilities less targets; the scores have gone through the roundings of five layers.
      assertArrayEquals(expected.toRowMajor(), found.toRowMajor(), 5 * DType.FLOAT16.epsilon());
    }
  }

  @Test
  void bareWeightsTellTheNumberOfClasses() throws IOException {
    Path definition = Files.writeString(folder.resolve("Small.java"), DEFINITION);
    Path weights = folder.resolve("seven.safetensors");
    SafetensorsWriter.write(
        weights,
        SMALL_FOR_SEVEN_CLASSES.entrySet().stream()
            .map(entry -> new SafetensorsWriter.Entry(entry.getKey(), zeros(entry.getValue())))
            .toList(),
        Map.of());
    run(
        "%s --weights %s --input %s --output %s"
            .formatted(definition, weights, files.images(2, 3, 4, 4), files.file("Y.npy")));
    try (HostTensor result = NpyFile.read(folder.resolve("Y.npy"))) {
      assertEquals(TensorType.of(DType.FLOAT64, 2, 7), result.type());
    }
  }

  private static HostTensor zeros(int... extents) {
    return HostTensor.zeros(TensorType.of(DType.FLOAT32, extents));
  }

  @Test
  void whatCannotBeMeant() {
    String input = " --input " + images;
    String output = " --output " + files.file("Y.npy");
    refused(2, "--weights FILE or --fill golden", "lenet5" + input + output);
    refused(2, "exclude each other", LENET + "--weights a.safetensors" + input + output);
    refused(2, "golden or golden:TAG", "lenet5 --fill silver" + input + output);
    refused(2, "nothing to do", LENET + input);
    refused(2, "a.npy: no such file", LENET + "--input a.npy" + output);
    refused(2, ".npy or a .pb", LENET + "--input a.txt" + output);
    refused(2, "has one input", LENET + input + input + output);
    refused(2, "no input is called 'image'", LENET + "--input image=" + images + output);
    refused(2, "did you mean conv1?", LENET + input + " --output con1=Y.npy");
    refused(2, "has one output", LENET + input + output + output);
    refused(2, "written as .npy", LENET + input + " --output Y.pb");
    refused(2, "need --labels", LENET + input + output + " --steps 2");
    String labels = " --labels " + files.labels(0, 7);
    refused(2, "--steps must be at least 1", LENET + input + labels + " --steps 0");
    refused(2, "momentum must lie in", LENET + input + labels + " --momentum 1");
  }

  @Test
  void whatFilesCannotHold() {
    String input = " --input " + images;
    refused(6, "four axes", LENET + "--output Y.npy --input " + files.labels(0, 1));
    refused(6, "label 10 of image 1 is none of the 10", LENET + input + labels(0, 10));
    refused(6, "label -1 of image 0", LENET + input + labels(-1, 3));
    refused(6, "one for each of the 2 images", LENET + input + labels(1, 2, 3));
    refused(6, "whole numbers", LENET + input + " --labels " + files.vector(DType.FLOAT32, 1, 2));
    refused(
        6,
        "another network's weights?",
        "lenet5 --output Y.npy --weights ../test-data/golden/files/tiny.safetensors" + input);
    refused(7, "not finite", LENET + "--steps 9 --lr 1e300" + input + labels(0, 7));
  }

  private String labels(double... labels) {
    return " --labels " + files.labels(labels);
  }

  private static String run(String arguments) {
    CliRun run = CliRun.of(("run --device reference " + arguments).split(" +"));
    assertEquals(0, run.exitCode(), run.err());
    return run.out();
  }

  private static void refused(int exitCode, String part, String arguments) {
    CliRun run = CliRun.of(("run --device reference " + arguments).split(" +"));
    assertEquals(exitCode, run.exitCode(), run.err());
    assertTrue(run.err().contains(part), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
