package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.train.Checkpoint;
import io.ventral.train.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code train}: what it leaves, and how it fails; see TrainResumeTest too. */
class TrainCommandTest {
  @TempDir Path folder;

  private static CliRun train(String model, Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--model", model));
    args.addAll(List.of("--data-path", data.toString(), "--epochs", "1"));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  @Test
  void leavesItsFilesAndEndsWithTheValidation() throws IOException {
    Path run = folder.resolve("run");
    CliRun training = Digits.train(run, "--epochs", "2", "--print-freq", "1");
    assertEquals(0, training.exitCode(), training.err());
    assertTrue(
        Digits.lastLine(training.out())
            .matches("Acc@1 \\d+\\.\\d{3} Acc@5 \\d+\\.\\d{3} loss \\d+\\.\\d{4} images 50"));
    List<String> metrics = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(
        "epoch,train_loss,train_acc1,val_loss,val_acc1,val_acc5,lr,images_per_second,seconds",
        metrics.getFirst());
    assertEquals(3, metrics.size());
    assertEquals(16, Files.readAllLines(run.resolve("log.jsonl")).size());
    for (String name : List.of("last.safetensors", "best.safetensors")) {
      try (Checkpoint checkpoint = Checkpoint.open(run.resolve(name))) {
        assertEquals(10, checkpoint.info().orElseThrow().classNames().size());
      }
    }
  }

  @Test
  void twoDevicesLearnWhatOneDoes() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    // Batches of 32 and at last 5, or on two devices 3 and 2.
    String[] common = {"--limit-train", "197", "--print-freq", "1"};
    assertEquals(0, Digits.train(one, with(common, "--device", "reference")).exitCode());
    CliRun both =
        Digits.train(two, with(common, "--device", "reference:0,reference:1", "-b", "16"));
    assertEquals(0, both.exitCode(), both.err());
    List<Double> expected = losses(one);
    List<Double> found = losses(two);
    assertEquals(8, expected.size());
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), found.get(i), 1e-12 * expected.get(i));
    }
  }

  private static String[] with(String[] common, String... more) {
    return Stream.of(common, more).flatMap(Stream::of).toArray(String[]::new);
  }

  /** Returns the losses of the steps and of the validation. */
  private static List<Double> losses(Path run) throws IOException {
    return Files.readAllLines(run.resolve("log.jsonl")).stream()
        .map(line -> line.replaceFirst(".*\"(val_)?loss\":([^,]*),.*", "$2"))
        .map(Double::valueOf)
        .toList();
  }

  @Test
  void lossThatIsNotFiniteNamesALayerAndLeavesTheLastCheckpoint() {
    Path run = folder.resolve("run");
    CliRun training =
        Digits.train(run, "--device", "reference", "--lr", "1e30", "--checkpoint-steps", "1");
    try (Checkpoint last = Checkpoint.open(run.resolve("last.safetensors"))) {
      long step = last.info().orElseThrow().training().orElseThrow().step();
      Digits.assertFails(training, 7, "epoch 1 step " + (step + 1), "fc1 (Conv2d", "--lr");
    }
  }

  /** It helps against gradients that overflow, not against activations. */
  @Test
  void lossScalingHidesNoLossThatIsNotFinite() {
    String[] flags = {"--device", "reference", "--amp-dtype", "float16", "--lr", "1e30"};
    CliRun training = Digits.train(folder.resolve("run"), flags);
    Digits.assertFails(training, 7, "epoch 1 step 2", "conv1 (Cast to f16)", "--lr");
  }

  /** A step is found bad when the next one was launched, unless a checkpoint waits for it. */
  @Test
  void aLossThatIsNotFiniteIsToldAlikeHoweverLateItIsRead() {
    String[] flags = {"--device", "reference", "--lr", "1e30", "--checkpoint-steps", "1"};
    CliRun atOnce = Digits.train(folder.resolve("at-once"), flags);
    CliRun late = Digits.train(folder.resolve("late"), Arrays.copyOf(flags, flags.length - 2));
    assertEquals(7, late.exitCode(), late.err());
    assertEquals(Digits.lastLine(atOnce.err()), Digits.lastLine(late.err()));
  }

  @Test
  void theNewestStateIsSavedBeforeTheOtherFilesOfAnEpoch() throws IOException {
    Path run = folder.resolve("run");
    Files.createDirectories(run.resolve("best.safetensors"));
    Digits.assertFails(Digits.train(run), 2, "best.safetensors");
    try (Checkpoint last = Checkpoint.open(run.resolve("last.safetensors"))) {
      assertEquals(1, last.info().orElseThrow().training().orElseThrow().epoch());
    }
  }

  @Test
  void aFolderInUseIsRefused() {
    try (RunDirectory inUse = RunDirectory.open(folder.resolve("run"))) {
      Digits.assertFails(Digits.train(inUse.path()), 2, "another run");
    }
    assertEquals(0, Digits.train(folder.resolve("run"), "--max-steps", "1").exitCode());
  }

  @Test
  void namesThatDoNotExist() {
    Path run = folder.resolve("run");
    Digits.assertFails(train("lenet4", Digits.DATA), 2, "did you mean lenet5?");
    Digits.assertFails(Digits.train(run, "--ephocs", "2"), 2, "did you mean --epochs?");
    Digits.assertFails(Digits.train(run, "--opt", "sdg"), 2, "did you mean sgd?");
    Digits.assertFails(CliRun.of("trian"), 2, "did you mean train?");
    Digits.assertFails(CliRun.of("train", "--model", "lenet5"), 2, "--data-path");
    Digits.assertFails(CliRun.of("train", "--data-path", "."), 2, "--model");
    Digits.assertFails(Digits.train(run, "--resume", "none.safetensors"), 2, "none.safetensors");
    Digits.assertFails(Digits.train(run, "--weights", "none.safetensors"), 2, "none.safetensors");
    assertFalse(Files.exists(run.resolve("last.safetensors")));
  }

  @Test
  void numbersThatMakeNoSense() {
    Path run = folder.resolve("run");
    for (String flag : List.of("--epochs", "--batch-size", "--lr", "--threads")) {
      Digits.assertFails(Digits.train(run, flag, "0"), 2);
      Digits.assertFails(Digits.train(run, flag, "many"), 2, flag);
    }
    Digits.assertFails(Digits.train(run, "--momentum", "1"), 2, "--momentum");
    Digits.assertFails(Digits.train(run, "--max-steps", "-1"), 2, "--max-steps");
  }

  @Test
  void devicesThatAreNotThere() {
    Path run = folder.resolve("run");
    Digits.assertFails(Digits.train(run, "--device", "cpu:0,reference:0"), 3, "mixes kinds");
    Digits.assertFails(Digits.train(run, "--device", "cuda:1,cuda:0,cuda:1"), 2, "twice");
    Digits.assertFails(Digits.train(run, "--device", "cuda:9"), 5, "cuda:");
    Digits.assertFails(Digits.train(run, "--device", "gpu"), 2, "gpu");
  }

  @Test
  void dataThatDoesNotFit() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Digits.assertFails(train("lenet5", data), 6, "empty folder");
    Digits.copyClass("3", data.resolve("3"), 5);
    Digits.assertFails(train("lenet5", data), 6, "only one class");
    Files.createDirectory(data.resolve("4"));
    Digits.assertFails(train("lenet5", data), 6, "without an image");
    Digits.assertFails(train("lenet5", folder.resolve("none")), 2, "no such folder");
    Path labels = Files.writeString(folder.resolve("labels.csv"), "3/none.png,three\n");
    Digits.assertFails(
        train("lenet5", data, "--labels", labels.toString()), 6, "line 1", "none.png");
  }

  @Test
  void unreadableImagesAreSkippedIfToldSo() throws IOException {
    Path data = folder.resolve("data");
    for (String digit : List.of("3", "7")) {
      Digits.copyClass(digit, data.resolve("train").resolve(digit), 10);
      Digits.copyClass(digit, data.resolve("val").resolve(digit), 10);
    }
    Path bad = Files.writeString(data.resolve("train/3/0000.png"), "no image");
    String run = folder.resolve("run").toString();
    Digits.assertFails(train("lenet5", data, "--output-dir", run), 6, bad.toString());
    Files.write(data.resolve("val/7/0003.png"), new byte[0]);
    CliRun skipped =
        train("lenet5", data, "--output-dir", run, "--bad-images", "skip", "--epochs", "2");
    assertEquals(0, skipped.exitCode(), skipped.err());
    List<String> notes =
        skipped.err().lines().filter(line -> line.startsWith("skipped ")).sorted().toList();
    assertEquals(2, notes.size(), skipped.err());
    assertTrue(notes.get(0).startsWith("skipped train/3/0000.png: "), notes.get(0));
    assertTrue(notes.get(1).startsWith("skipped val/7/0003.png: "), notes.get(1));
  }
}
