package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.io.SafetensorsFile;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and evaluation with {@code --amp-dtype bfloat16}, and float16 where it is offered. */
class TrainMixedPrecisionTest {
  private static final String[] WHOLE = {
    "--epochs", "2", "--limit-train", "1000", "--limit-val", "200"
  };

  private static final String[] FLOAT16 = {"--device", "reference", "--amp-dtype", "float16"};

  @TempDir Path folder;

  @Test
  void learnsAsWellAsInFloat32() {
    CliRun mixed = train(folder.resolve("mixed"), WHOLE);
    CliRun single = Digits.train(folder.resolve("single"), WHOLE);
    assertEquals(accuracy(single.out()), accuracy(mixed.out()), 2);
    assertTrue(accuracy(mixed.out()) > 90, mixed.out());
    String weights = folder.resolve("mixed/last.safetensors").toString();
    CliRun evaluated =
        CliRun.of(
            "evaluate",
            "--weights",
            weights,
            "--data-path",
            Digits.DATA.toString(),
            "--limit-val",
            "200",
            "--amp");
    assertEquals(Digits.lastLine(mixed.out()), evaluated.out().strip());
  }

  @Test
  void theFileHoldsFloat32ThatNo16BitsHold() {
    train(folder);
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("last.safetensors"))) {
      for (String name : file.names()) {
        try (HostTensor tensor = file.read(name)) {
          assertTrue(tensor.type().dtype() != DType.BFLOAT16, name);
        }
      }
      try (HostTensor weight = file.read("conv1.weight")) {
        assertEquals(DType.FLOAT32, weight.type().dtype());
        assertTrue(weight.get(0) != DType.BFLOAT16.round(weight.get(0)));
      }
    }
  }

  @Test
  void cpuComputesWhatTheReferenceDefines() throws IOException {
    train(folder.resolve("cpu"), "--max-steps", "4", "--print-freq", "1");
    train(
        folder.resolve("reference"),
        "--device",
        "reference",
        "--max-steps",
        "4",
        "--print-freq",
        "1");
    List<Double> expected = losses(folder.resolve("reference"));
    List<Double> found = losses(folder.resolve("cpu"));
    assertEquals(4, expected.size());
    assertEquals(4, found.size());
    for (int i = 0; i < found.size(); i++) {
      assertEquals(expected.get(i), found.get(i), DType.BFLOAT16.epsilon() * expected.get(i));
    }
  }

  @Test
  void learnsInFloat16WithLossScaling() throws IOException {
    CliRun run =
        Digits.train(folder, concat(FLOAT16, "--limit-train", "1000", "--limit-val", "100"));
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(accuracy(run.out()) > 80, run.out());
    assertTrue(run.out().contains(" scale 65536 skipped 0 best"), run.out());
    assertTrue(run.err().contains("loss scale 65536; 0 of 32 steps overflowed"), run.err());
    String log = Files.readString(folder.resolve("log.jsonl"));
    assertTrue(log.contains("\"loss_scale\":65536.0,\"skipped_steps\":0"), log);
    CliRun evaluated =
        CliRun.of(
            "evaluate",
            "--weights",
            folder.resolve("last.safetensors").toString(),
            "--data-path",
            Digits.DATA.toString(),
            "--limit-val",
            "100",
            "--device",
            "reference",
            "--amp-dtype",
            "float16");
    assertEquals(Digits.lastLine(run.out()), evaluated.out().strip());
  }

  /** So high a rate makes one image's loss thousands, and its gradient, once scaled, infinite. */
  @Test
  void aStepThatOverflowsIsSkippedCountedAndResumed() throws IOException {
    Path straight = folder.resolve("straight");
    Path run = folder.resolve("run");
    String[] wild = concat(FLOAT16, "--batch-size", "1", "--lr", "0.3", "--max-steps");
    CliRun whole = Digits.train(straight, concat(wild, "5"));
    assertEquals(0, whole.exitCode(), whole.err());
    assertTrue(
        whole.err().matches("(?s).*loss scale (4096|8192|16384|32768); [1-4] of 5 steps .*"),
        whole.err());
    assertEquals(0, Digits.train(run, concat(wild, "3")).exitCode());
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "5");
    assertEquals(0, resumed.exitCode(), resumed.err());
    try (SafetensorsFile expected = SafetensorsFile.open(straight.resolve("last.safetensors"));
        SafetensorsFile found = SafetensorsFile.open(run.resolve("last.safetensors"))) {
      assertTrue(expected.names().contains("optimizer.loss_scale"));
      assertEquals(expected.names(), found.names());
      for (String name : expected.names()) {
        try (HostTensor x = expected.read(name);
            HostTensor y = found.read(name)) {
          assertArrayEquals(x.toRowMajor(), y.toRowMajor(), name);
        }
      }
    }
  }

  /** The scale begins anew where a checkpoint has none, and is left behind where none is needed. */
  @Test
  void goesOnFromAndToFormatsThatAreNotScaled() {
    List<String> formats = List.of("bfloat16", "float16", "float32", "float16");
    for (int i = 0; i < formats.size(); i++) {
      String steps = Integer.toString(i + 1);
      CliRun run =
          Digits.train(
              folder,
              "--device",
              "reference",
              "--amp-dtype",
              formats.get(i),
              "--resume",
              "auto",
              "--max-steps",
              steps);
      assertEquals(0, run.exitCode(), run.err());
      boolean scaled = formats.get(i).equals("float16");
      assertEquals(scaled, run.err().contains("loss scale 65536; 0 of " + steps), run.err());
    }
  }

  private static String[] concat(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void resumingInAnotherFormatIsSaid() throws IOException {
    train(folder, "--max-steps", "2");
    assertTrue(Files.readAllLines(folder.resolve("args.txt")).contains("--amp-dtype bfloat16"));
    CliRun same = CliRun.of("train", "--resume", folder.toString(), "--max-steps", "3");
    assertTrue(same.err().contains("--amp-dtype bfloat16 (checkpoint)"), same.err());
    CliRun other =
        CliRun.of(
            "train", "--resume", folder.toString(), "--max-steps", "4", "--amp-dtype", "float32");
    assertEquals(0, other.exitCode(), other.err());
    assertTrue(other.err().contains("overridden: --amp-dtype float32"), other.err());
    assertTrue(other.err().contains("the checkpoint was made on cpu:0 bf16"), other.err());
  }

  /** Skips where the processor cannot, and says so. */
  private static CliRun train(Path folder, String... more) {
    List<String> flags = new ArrayList<>(List.of("--amp-dtype", "bfloat16"));
    flags.addAll(List.of(more));
    CliRun run = Digits.train(folder, flags.toArray(String[]::new));
    assumeTrue(run.exitCode() != 3, run.err());
    assertEquals(0, run.exitCode(), run.err());
    return run;
  }

  private static double accuracy(String out) {
    return Double.parseDouble(Digits.lastLine(out).replaceFirst("Acc@1 ([^ ]*) .*", "$1"));
  }

  private static List<Double> losses(Path run) throws IOException {
    return Files.readAllLines(run.resolve("log.jsonl")).stream()
        .filter(line -> line.contains("\"loss\""))
        .map(line -> line.replaceFirst(".*\"loss\":([^,]*),.*", "$1"))
        .map(Double::valueOf)
        .toList();
  }
}
