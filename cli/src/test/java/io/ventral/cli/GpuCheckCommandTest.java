package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of GPUs on what a machine without one has. */
class GpuCheckCommandTest {
  @TempDir Path folder;

  private CliRun check(String device, String only, String... more) {
    String[] first = {
      "gpu-check",
      "--device=" + device,
      "--output-dir=" + folder.resolve("results"),
      "--op=Relu",
      "--model=lenet5",
      "--batch-size=2",
      "--steps=1",
      "--only=" + only
    };
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return CliRun.of(all);
  }

  /** Also what PyTorch's cells take from a Python, here a script that answers as it would. */
  @Test
  void checksMeasuresAndGoesOn() throws IOException {
    Path python = folder.resolve("python");
    Files.writeString(
        python, "#!/bin/sh\nhead -n 1 \"$1\" >/dev/null && echo '{\"images_per_second\":0.001}'\n");
    assertTrue(python.toFile().setExecutable(true));
    CliRun part = check("cpu", "doctor", "--python=" + python);
    assertEquals(0, part.exitCode(), part.err());
    assertEquals(1, part.out().lines().filter(line -> line.startsWith("doctor")).count());
    assertTrue(part.out().lines().noneMatch(line -> line.startsWith("| lenet5")), part.out());
    CliRun run = check("cpu", "doctor,first", "--python=" + python);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("doctor Relu, ventral: has a result already"), run.err());
    assertTrue(run.out().contains("doctor Relu, ventral on cpu:0: all kernels agree"), run.out());
    assertTrue(
        run.out()
            .lines()
            .anyMatch(line -> line.matches("\\| lenet5 training bfloat16 2 .*[0-9] \\|")),
        run.out());
    Path results = folder.resolve("results");
    assertEquals(run.out(), Files.readString(results.resolve("table.md")));
    assertEquals(1 + 2 * 3, Files.readAllLines(results.resolve("results.jsonl")).size());

    CliRun other = check("reference", "doctor", "--no-pytorch");
    Digits.assertFails(other, 2, "holds results of", "on cpu", "on reference");
  }

  @Test
  void aDeviceThatIsNotThereEndsIt() throws IOException {
    CliRun run = check("cuda:9", "doctor,first", "--no-pytorch");
    assertEquals(5, run.exitCode(), run.err());
    assertTrue(run.err().contains("nothing else is started"), run.err());
    assertTrue(run.out().contains("FAILED") && run.out().contains("cuda:9"), run.out());
    Path results = folder.resolve("results").resolve("results.jsonl");
    assertEquals(1, Files.readAllLines(results).size());
  }

  @Test
  void aPythonWithoutPyTorchIsSaid() {
    CliRun run = check("cuda:9", "doctor", "--python=" + folder.resolve("none"));
    assertTrue(run.err().contains("PyTorch cannot be used, its cells are left out"), run.err());
  }
}
