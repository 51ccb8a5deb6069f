package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What users meet on GPUs, here on the simulation of CUDA: runs, and what may go wrong. */
class CudaCommandTest {
  private static final String[] SMALL = {
    "--device",
    "cuda",
    "--limit-train",
    "24",
    "--limit-val",
    "8",
    "--batch-size",
    "8",
    "--print-freq",
    "1",
    "--cudnn-workspace",
    "4"
  };

  @TempDir Path folder;

  @BeforeEach
  void simulate() throws IOException {
    Simulation.require();
    Simulation.restart("");
    forgetAlgorithms();
  }

  private static void forgetAlgorithms() throws IOException {
    Path cache = Path.of(System.getenv("XDG_CACHE_HOME"));
    Files.deleteIfExists(cache.resolve("ventral").resolve("cudnn-algorithms.tsv"));
  }

  @AfterEach
  void mend() {
    Simulation.restart("");
  }

  private static CliRun train(Path run, String... more) {
    String[] flags = Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, flags, SMALL.length, more.length);
    return Digits.train(run, flags);
  }

  @Test
  void devicesListsLibrariesAndGpus() {
    CliRun run = CliRun.of("devices");
    assertEquals(0, run.exitCode(), run.err());
    for (String part :
        List.of(
            "simulated driver of CUDA 12.6, " + System.getProperty("ventral.cuda.libraries"),
            "libcublas.so.12",
            "libcudnn.so.9",
            "libcurand.so.10",
            "simulated cuda:0",
            "simulated cuda:1",
            "compute capability 8.0")) {
      assertTrue(
          run.out().contains(part.replace("/cli/..", "")) || run.out().contains(part),
          part + " in " + run.out());
    }
  }

  @Test
  void theSimulationIsNeverTheDefault() {
    CliRun run = CliRun.of("bench", "lenet5", "--steps", "1", "--batch-size", "1");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("device cpu:0 (the default: no usable GPU"), run.err());
  }

  @Test
  void replayedAndSingleLaunchesGiveTheSameRun() throws IOException {
    Path replayed = folder.resolve("replayed");
    Path single = folder.resolve("single");
    assertEquals(0, train(replayed).exitCode());
    assertTrue(Simulation.calls("cuGraphLaunch") > 0);
    Simulation.restart("");
    assertEquals(0, train(single, "--no-cuda-graph").exitCode());
    assertEquals(0, Simulation.calls("cuGraphLaunch"));
    assertArrayEquals(tensors(replayed), tensors(single));
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16", "float16"})
  void resumedInMidEpochGivesTheSameBits(String format) throws IOException {
    Path straight = folder.resolve("straight");
    Path run = folder.resolve("run");
    assertEquals(0, train(straight, "--amp-dtype", format).exitCode());
    assertEquals(0, train(run, "--amp-dtype", format, "--max-steps", "2").exitCode());
    Simulation.restart("");
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "0");
    assertEquals(0, resumed.exitCode(), resumed.err());
    assertArrayEquals(tensors(straight), tensors(run));
  }

  @Test
  void trainedOnTwoGpusAndResumedOnOne() throws IOException {
    Path run = folder.resolve("run");
    String[] two = {"--device", "cuda:0,cuda:1", "--batch-size", "4", "--max-steps", "2"};
    assertEquals(0, train(run, two).exitCode());
    CliRun resumed =
        CliRun.of(
            "train",
            "--resume",
            run.toString(),
            "--device",
            "cuda:1",
            "--batch-size",
            "8",
            "--max-steps",
            "0");
    assertEquals(0, resumed.exitCode(), resumed.err());
    Path straight = folder.resolve("straight");
    assertEquals(0, train(straight, "--max-steps", "0").exitCode());
    double[] expected = losses(straight);
    assertArrayEquals(expected, losses(run), 1e-5 * expected[0]);
  }

  /** Returns the loss of every step. */
  private static double[] losses(Path run) throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    return Files.readAllLines(run.resolve("log.jsonl")).stream()
        .map(json::readTree)
        .filter(line -> line.has("loss"))
        .mapToDouble(line -> line.get("loss").asDouble())
        .toArray();
  }

  @Test
  void listsOfGpusThatCannotBe() {
    Path run = folder.resolve("run");
    Digits.assertFails(
        train(run, "--device", "cuda:0,cuda:7"), 5, "cuda:7: there are only the GPUs");
    Digits.assertFails(
        train(run, "--device", "cuda:0,cuda:0"),
        2,
        "cuda:0,cuda:0: a GPU stands in the list twice");
  }

  @Test
  void killedAndResumedGivesTheSameBits() throws IOException, InterruptedException {
    Path straight = folder.resolve("straight");
    Path run = folder.resolve("run");
    assertEquals(0, train(straight, "--epochs", "2").exitCode());
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("train", "--model", "lenet5", "--data-path", Digits.DATA.toString()));
    command.addAll(List.of("--output-dir", run.toString(), "--epochs", "2"));
    command.addAll(List.of("--checkpoint-steps", "1"));
    command.addAll(List.of(SMALL));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    while (process.isAlive() && !Files.exists(run.resolve("last.safetensors"))) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertTrue(
        Files.exists(run.resolve("last.safetensors")), Files.readString(folder.resolve("log")));
    CliRun resumed = CliRun.of("train", "--resume", run.toString());
    assertEquals(0, resumed.exitCode(), resumed.err());
    assertArrayEquals(tensors(straight), tensors(run));
  }

  /** Returns how another process is started with the same classes and libraries. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String name :
        List.of("java.library.path", "ventral.libraries", "ventral.cuda.libraries")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classes, "io.ventral.cli.Main"));
    return command;
  }

  @ParameterizedTest
  @CsvSource({
    "driver=11080, driver is of CUDA 11.8",
    "capability=7.0, 7.5 (Turing)",
    "devices=0, finds no GPU"
  })
  void machinesThatCannotBeUsed(String settings, String says) {
    Simulation.restart(settings);
    Digits.assertFails(train(folder.resolve("run")), 5, "cuda:0", says);
    CliRun devices = CliRun.of("devices");
    assertEquals(0, devices.exitCode(), devices.err());
    assertTrue(devices.out().lines().anyMatch(line -> line.matches("cuda +not usable .*")));
  }

  @Test
  void everyAllocationMayFail() throws IOException {
    assertEquals(0, train(folder.resolve("run"), "--max-steps", "1").exitCode());
    int allocations = Simulation.calls("cuMemAlloc_v2");
    assertTrue(allocations > 2);
    for (int nth = 1; nth <= allocations; nth++) {
      forgetAlgorithms();
      Simulation.restart("faults=cuMemAlloc_v2:" + nth + ":2");
      Path run = folder.resolve("run" + nth);
      Digits.assertFails(train(run, "--max-steps", "1"), 4, "cuda:0: ");
    }
  }

  @Test
  void tooLittleMemoryIsSaidWithFigures() {
    Simulation.restart("memory=8");
    Digits.assertFails(train(folder.resolve("run")), 4, "cuda:0: no", "MiB");
  }

  /** Launch failure, illegal address, a lost GPU: whatever it was, the last checkpoint stands. */
  @ParameterizedTest
  @CsvSource({
    "cuLaunchKernel:3:719, CUDA_ERROR_LAUNCH_FAILED",
    "cuGraphLaunch:1:700, CUDA_ERROR_ILLEGAL_ADDRESS",
    "cuStreamSynchronize:2:46, CUDA_ERROR_DEVICE_UNAVAILABLE",
    "cuEventSynchronize:1:719, CUDA_ERROR_LAUNCH_FAILED",
    "cudnnConvolutionForward:1:5000, cudnnConvolutionForward",
    "cublasGemmEx:1:13, cublasGemmEx"
  })
  void faultsLeaveCheckpointsIntact(String fault, String says) throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--max-steps", "1").exitCode());
    byte[] before = Files.readAllBytes(run.resolve("last.safetensors"));
    Simulation.fail(fault);
    CliRun failed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "0");
    Digits.assertFails(failed, 5, "cuda:0", says);
    assertArrayEquals(before, Files.readAllBytes(run.resolve("last.safetensors")));
    Simulation.restart("");
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "0");
    assertEquals(0, resumed.exitCode(), resumed.err());
  }

  @Test
  void doctorExaminesTheGpuAndSaysThatItIsSimulated() {
    CliRun run =
        CliRun.of(
            "doctor",
            "--device",
            "cuda",
            "--op",
            "Relu",
            "--speed",
            "1",
            "--cudnn-workspace",
            "64");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("simulated cuda:0 agrees with the reference"), run.out());
    for (String what : List.of("copy", "convolution 3x3", "small kernel, among many as one")) {
      assertTrue(run.out().lines().anyMatch(line -> line.startsWith(what)), run.out());
    }
    assertTrue(run.err().contains("simulated cuda:0: a test double"), run.err());
  }

  /** What GPUs do not compute is no failure. */
  @Test
  void doctorSaysOfFloat64ThatItIsNotSupported() {
    CliRun run = CliRun.of("doctor", "--device", "cuda", "--dtype", "float64", "--speed", "0");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("not in f64"), run.out());
  }

  /** By default speeds are measured too, on operands that suit the GPU's memory. */
  @Test
  void doctorByDefaultKeepsToTheMemoryThereIs() {
    Simulation.restart("memory=96");
    CliRun run = CliRun.of("doctor", "--device", "cuda", "--dtype", "float32");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().lines().anyMatch(line -> line.startsWith("convolution 3x3")), run.out());
  }

  /** Returns the data of all tensors of the newest checkpoint, behind the header. */
  private static byte[] tensors(Path run) throws IOException {
    byte[] bytes = Files.readAllBytes(run.resolve("last.safetensors"));
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(bytes, Math.toIntExact(8 + header), bytes.length);
  }
}
