package io.ventral.cli;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, evaluation and prediction with {@code --amp-dtype bfloat16}. */
class TrainMixedPrecisionTest {
  private static final String[] WHOLE = {
    "--epochs", "2", "--limit-train", "1000", "--limit-val", "200"
  };

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
