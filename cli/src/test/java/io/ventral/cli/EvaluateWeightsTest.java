package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.io.SafetensorsFile;
import io.ventral.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code evaluate} with weights that fit, are bare, another network's or damaged. */
class EvaluateWeightsTest {
  private static final String OTHER_NETWORK =
      """
      import io.ventral.network.*;
      public final class Other implements NetworkDefinition {
        public String name() { return "other"; }
        public String description() { return "one layer"; }
        public NetworkRequest defaults() { return new NetworkRequest(1, 28, 28, 10); }
        public boolean sizeFollowsData() { return true; }
        public Network define(NetworkRequest request) {
          NetworkBuilder net = new NetworkBuilder(name(), request);
          return net.build(net.linear("dense", net.input(), request.classes()));
        }
      }
      """;

  @TempDir static Path shared;
  private static Path weights;
  private static String lastLine;

  @TempDir Path folder;

  @BeforeAll
  static void train() {
    CliRun training = Digits.train(shared.resolve("run"));
    lastLine = Digits.lastLine(training.out());
    weights = shared.resolve("run").resolve("last.safetensors");
  }

  private static CliRun evaluate(Path file, Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--weights", file.toString()));
    args.addAll(List.of("--data-path", data.toString(), "--limit-val", "50"));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  @Test
  void bareWeightsNeedAModelAndGiveTheSame() {
    Path bare = Digits.bare(weights, folder.resolve("bare.safetensors"));
    Digits.assertFails(evaluate(bare, Digits.DATA), 2, "--model is needed");
    CliRun run = evaluate(bare, Digits.DATA, "--model", "lenet5");
    assertEquals(lastLine, run.out().strip(), run.err());
    assertTrue(run.err().contains("mean [0.5], std [0.5], by convention"), run.err());
  }

  @Test
  void bareWeightsAreMatchedByIndexAndCountsMustBeEqual() throws IOException {
    Path bare = Digits.bare(weights, folder.resolve("bare.safetensors"));
    Path data = folder.resolve("data");
    Digits.copyClass("3", data.resolve("3"), 2);
    Digits.copyClass("7", data.resolve("7"), 2);
    Digits.assertFails(
        evaluate(bare, data, "--model", "lenet5"), 6, "10 classes", "the data has 2 classes");
  }

  @Test
  void aModelThatIsGivenMustFit() throws IOException {
    assertEquals(lastLine, evaluate(weights, Digits.DATA, "--model", "lenet5").out().strip());
    Path other = Files.writeString(folder.resolve("Other.java"), OTHER_NETWORK);
    Digits.assertFails(
        evaluate(weights, Digits.DATA, "--model", other.toString()), 6, "dense.weight");
    Path bare = Digits.bare(weights, folder.resolve("bare.safetensors"));
    Digits.assertFails(evaluate(bare, Digits.DATA, "--model", other.toString()), 6, "dense.weight");
    Digits.assertFails(evaluate(weights, Digits.DATA, "--model", "lenet"), 2, "lenet5?");
    Digits.assertFails(evaluate(weights, Digits.DATA, "--model", "resnet18"), 6, "conv1.weight");
    Digits.assertFails(
        evaluate(weights, Digits.DATA, "--model", "alexnet"), 6, "does not fit --model alexnet");
  }

  @Test
  void damagedOrMissingWeights() throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    Path file = folder.resolve("damaged.safetensors");
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    Digits.assertFails(evaluate(file, Digits.DATA), 6, file.toString());
    byte[] flipped = bytes.clone();
    flipped[bytes.length - 1000] ^= 4;
    Files.write(file, flipped);
    Digits.assertFails(evaluate(file, Digits.DATA), 6, file.toString(), "checksum");
    Files.write(file, new byte[0]);
    Digits.assertFails(evaluate(file, Digits.DATA), 6, file.toString());
    Path image = Digits.DATA.resolve("val/3/0000.png");
    Digits.assertFails(evaluate(image, Digits.DATA), 6, "0000.png");
    Digits.assertFails(evaluate(folder.resolve("none"), Digits.DATA), 2, "no such file");
    Digits.assertFails(evaluate(folder, Digits.DATA), 2, "is a directory");
  }

  @Test
  void metadataThatContradictsItself() throws IOException {
    Path file = folder.resolve("contradiction.safetensors");
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    try (SafetensorsFile written = SafetensorsFile.open(weights)) {
      Map<String, String> metadata = new HashMap<>(written.metadata());
      assertEquals("28", metadata.put("preprocessing.crop-height", "29"));
      written
          .names()
          .forEach(name -> entries.add(new SafetensorsWriter.Entry(name, written.read(name))));
      SafetensorsWriter.write(file, entries, metadata);
    }
    entries.forEach(entry -> entry.tensor().close());
    Digits.assertFails(evaluate(file, Digits.DATA), 6, "do not agree");
  }
}
