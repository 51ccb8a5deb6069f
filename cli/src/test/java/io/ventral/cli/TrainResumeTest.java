package io.ventral.cli;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.train.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is cut and resumed, or repeated, gives what a straight one gives, bit for bit. */
class TrainResumeTest {
  /** In the second of two epochs of seven steps. */
  private static final String CUT = "10";

  private static final int FLIPS = 1000;

  @TempDir static Path shared;
  private static Path straight;

  @TempDir Path folder;

  @BeforeAll
  static void train() {
    straight = shared.resolve("straight");
    assertEquals(0, Digits.train(straight, "--epochs", "2").exitCode());
  }

  @Test
  void resumedInMidEpoch() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, Digits.train(run, "--epochs", "2", "--max-steps", CUT).exitCode());
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "0");
    assertEquals(0, resumed.exitCode(), resumed.err());
    assertTrue(resumed.err().contains("overridden: --max-steps 0"), resumed.err());
    assertSame(straight, run);
  }

  @ParameterizedTest
  @CsvSource({"cpu, bfloat16", "reference, float16"})
  void resumedIn16Bits(String device, String format) throws IOException {
    Path whole = folder.resolve("whole");
    Path run = folder.resolve("run");
    String[] flags = {
      "--epochs", "2", "--device", device, "--amp-dtype", format, "--max-steps", "0"
    };
    CliRun straight16 = Digits.train(whole, flags);
    assumeTrue(straight16.exitCode() != 3, straight16.err());
    flags[7] = CUT;
    Digits.train(run, flags);
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "0");
    assertEquals(0, resumed.exitCode(), resumed.err());
    assertSame(whole, run);
  }

  @Test
  void resumedAfterManySmallPieces() throws IOException {
    Path run = folder.resolve("run");
    Digits.train(run, "--epochs", "2", "--max-steps", "1");
    for (String steps : List.of("6", "7", "8", "14")) {
      Path last = run.resolve("last.safetensors");
      CliRun piece = CliRun.of("train", "--resume", last.toString(), "--max-steps", steps);
      assertEquals(0, piece.exitCode(), piece.err());
    }
    assertSame(straight, run);
  }

  @Test
  void autoTakesTheNewestValidCheckpointIfThereIsOne() throws IOException {
    Path run = folder.resolve("run");
    String[] flags = {"--epochs", "2", "--resume", "auto", "--max-steps", CUT};
    assertEquals(0, Digits.train(run, flags).exitCode());
    Path damaged = run.resolve("zzz.safetensors");
    Files.write(damaged, new byte[100]);
    flags[5] = "0";
    CliRun resumed = Digits.train(run, flags);
    assertEquals(0, resumed.exitCode(), resumed.err());
    assertTrue(resumed.err().contains("resuming from " + run.resolve("last.safetensors")));
    assertTrue(resumed.err().contains("passed over " + damaged), resumed.err());
    assertSame(straight, run);
  }

  @Test
  void argumentFileRepeatsTheRun() throws IOException {
    Path other = folder.resolve("other");
    CliRun repeated =
        CliRun.of("train", "@" + straight.resolve("args.txt"), "--output-dir", other.toString());
    assertEquals(0, repeated.exitCode(), repeated.err());
    assertSame(straight, other);
  }

  @Test
  void flagsBehindAnArgumentFileOverrideThoseAlone() throws IOException {
    Path other = folder.resolve("other");
    CliRun repeated =
        CliRun.of(
            "train",
            "@" + straight.resolve("args.txt"),
            "--output-dir",
            other.toString(),
            "--lr",
            "0.02",
            "--device",
            "reference",
            "--device",
            "cpu");
    assertEquals(0, repeated.exitCode(), repeated.err());
    assertFalse(repeated.err().contains("WARN"), repeated.err());
    List<String> expected = new ArrayList<>(Files.readAllLines(straight.resolve("args.txt")));
    expected.replaceAll(line -> line.startsWith("--lr ") ? "--lr 0.02" : line);
    List<String> found = Files.readAllLines(other.resolve("args.txt"));
    assertTrue(found.remove("--device cpu"));
    assertTrue(found.remove("--output-dir " + other));
    expected.remove("--output-dir " + straight);
    assertEquals(expected, found);
  }

  @Test
  void milestonesGivenAgainReplaceTheOthers() throws IOException {
    Path run = folder.resolve("run");
    String[] flags = {
      "--lr-scheduler", "multisteplr", "--lr-milestones", "30,60", "--max-steps", "1"
    };
    assertEquals(0, Digits.train(run, flags).exitCode());
    assertMilestones("30,60", run);
    String arguments = "@" + run.resolve("args.txt");
    assertEquals(0, CliRun.of("train", arguments, "--lr-milestones", "5,6").exitCode());
    assertMilestones("5,6", run);
    CliRun twice = CliRun.of("train", arguments, "--lr-milestones", "7", "--lr-milestones", "8,9");
    assertEquals(0, twice.exitCode(), twice.err());
    assertMilestones("8,9", run);
    CliRun resumed =
        CliRun.of("train", "--resume", run.toString(), "--lr-milestones", "4", "--max-steps", "2");
    assertTrue(resumed.err().contains("overridden: --lr-milestones 4\n"), resumed.err());
    assertMilestones("4", run);
    Digits.assertFails(
        CliRun.of("train", arguments, "--lr-milestones", "4,x"), 2, "--lr-milestones", "'4,x'");
    assertEquals(0, CliRun.of("train", arguments, "--lr-milestones", "").exitCode());
    assertEquals(0, CliRun.of("train", arguments).exitCode());
  }

  private static void assertMilestones(String expected, Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("args.txt"));
    assertTrue(lines.contains("--lr-milestones " + expected), lines.toString());
  }

  @Test
  void aGivenNumberOfThreadsIsKept() throws IOException {
    Path run = folder.resolve("run");
    Digits.train(run, "--threads", "3", "--max-steps", "1");
    CliRun resumed = CliRun.of("train", "--resume", run.toString(), "--max-steps", "2");
    assertTrue(resumed.err().contains("--threads 3 (checkpoint)"), resumed.err());
    assertTrue(Files.readAllLines(run.resolve("args.txt")).contains("--threads 3"));
  }

  @Test
  void damagedCheckpointIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(straight.resolve("last.safetensors"));
    bytes[bytes.length - 5] ^= 1;
    Path damaged = folder.resolve("damaged.safetensors");
    Files.write(damaged, bytes);
    Digits.assertFails(
        CliRun.of("train", "--resume", damaged.toString()), 6, damaged.toString(), "checksum");
    Path bare = Digits.bare(straight.resolve("last.safetensors"), folder.resolve("b.safetensors"));
    Path run = folder.resolve("run");
    Digits.assertFails(Digits.train(run, "--resume", bare.toString()), 6, "no state of training");
    assertEquals(0, Digits.train(run, "--weights", bare.toString()).exitCode());
  }

  /** Wherever it is: in what is said of the run, in names and shapes, in the numbers. */
  @Test
  void aFlippedBitAnywhereIsNoticed() throws IOException {
    Path file = folder.resolve("flipped.safetensors");
    Files.copy(straight.resolve("last.safetensors"), file);
    Random random = new Random(9);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      long header = 8 + longAt(channel, 0);
      for (int i = 0; i < FLIPS; i++) {
        long place = random.nextLong(i % 2 == 0 ? header : channel.size());
        int bit = 1 << random.nextInt(8);
        flip(channel, place, bit);
        EngineException error = assertThrows(EngineException.class, () -> open(file));
        assertEquals(ErrorKind.DATA, error.kind(), "bit %d of byte %d".formatted(bit, place));
        flip(channel, place, bit);
      }
    }
    open(file);
  }

  private static void open(Path file) {
    Checkpoint.open(file).close();
  }

  private static long longAt(FileChannel channel, long place) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    channel.read(bytes, place);
    return bytes.getLong(0);
  }

  private static void flip(FileChannel channel, long place, int bit) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1);
    channel.read(bytes, place);
    channel.write(bytes.put(0, (byte) (bytes.get(0) ^ bit)).rewind(), place);
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    assertArrayEquals(
        tensors(expected.resolve("last.safetensors")), tensors(found.resolve("last.safetensors")));
    assertEquals(metrics(expected), metrics(found));
    assertEquals(metrics(expected).size(), 3);
  }

  /** Returns the data of all tensors, optimizer slots included: what lies behind the header. */
  private static byte[] tensors(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(bytes, Math.toIntExact(8 + header), bytes.length);
  }

  /** Returns the rows without their last two columns, speed and time. */
  private static List<String> metrics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(row -> row.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }
}
