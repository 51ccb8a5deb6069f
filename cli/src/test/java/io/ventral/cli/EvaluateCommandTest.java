package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code evaluate} on good and bad data and classes; see EvaluateWeightsTest too. */
class EvaluateCommandTest {
  @TempDir static Path shared;
  private static CliRun training;

  @TempDir Path folder;

  @BeforeAll
  static void train() {
    training = Digits.train(shared.resolve("run"));
    assertEquals(0, training.exitCode(), training.err());
  }

  private static CliRun evaluate(Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--data-path", data.toString()));
    args.addAll(List.of("--weights", shared.resolve("run/last.safetensors").toString()));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  private List<String> rows(Path data, String... more) throws IOException {
    Path file = folder.resolve("results.csv");
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--results-file", file.toString()));
    CliRun run = evaluate(data, args.toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    return Files.readAllLines(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "7", "50", "1000"})
  void everyBatchSizeGivesWhatTrainingSaid(String batch) {
    CliRun run = evaluate(Digits.DATA, "--limit-val", "50", "-b", batch);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(Digits.lastLine(training.out()), run.out().strip());
  }

  @Test
  void twoDevicesGiveTheSame() {
    CliRun run =
        evaluate(
            Digits.DATA, "--limit-val", "50", "-b", "7", "--device", "reference:0,reference:1");
    assertEquals(Digits.lastLine(training.out()), run.out().strip());
  }

  @Test
  void resultsFileHasARowAnImageThatAgreesWithTheLastLine() throws IOException {
    List<String> rows = rows(Digits.DATA, "--limit-val", "50");
    assertEquals("file,label,prediction,probability,loss,top5", rows.getFirst());
    assertEquals(51, rows.size());
    List<String[]> fields = rows.stream().skip(1).map(row -> row.split(",")).toList();
    long top1 = fields.stream().filter(row -> row[1].equals(row[2])).count();
    long top5 = fields.stream().filter(row -> List.of(row[5].split(";")).contains(row[1])).count();
    double loss = fields.stream().mapToDouble(row -> Double.parseDouble(row[4])).sum();
    assertEquals(
        Digits.lastLine(training.out()),
        "Acc@1 %.3f Acc@5 %.3f loss %.4f images 50".formatted(top1 * 2.0, top5 * 2.0, loss / 50));
    assertTrue(fields.stream().allMatch(row -> row[5].startsWith(row[2] + ";")));
    assertTrue(fields.stream().allMatch(row -> row[0].startsWith("val/" + row[1] + "/")));
  }

  @Test
  void someClassesInAnotherOrderAreMatchedByName() throws IOException {
    Path data = folder.resolve("data");
    Digits.copyClass("7", data.resolve("7"), 5);
    Digits.copyClass("3", data.resolve("3"), 5);
    String all = String.join("\n", rows(Digits.DATA));
    List<String> some = rows(data);
    assertEquals(11, some.size());
    for (String row : some.subList(1, some.size())) {
      assertTrue(all.contains("\nval/" + row + "\n"), row);
    }
  }

  @Test
  void aClassUnknownToTheWeightsIsNamed() throws IOException {
    Path data = folder.resolve("data");
    Digits.copyClass("3", data.resolve("3"), 2);
    Digits.copyClass("7", data.resolve("seven"), 2);
    Digits.assertFails(evaluate(data), 6, "'seven'", "10 classes");
  }

  @Test
  void dataThatIsNotSplitIsEvaluatedAsAWholeOrByAShare() {
    Path bare = Digits.DATA.resolve("val");
    CliRun all = evaluate(bare);
    assertTrue(all.err().contains("the data is not split"), all.err());
    long images = images(all);
    assertEquals(images, images(evaluate(bare, "--split", "train")));
    long share = images(evaluate(bare, "--val-split", "0.2"));
    assertTrue(share > 0.1 * images && share < 0.3 * images, share + " of " + images);
    Digits.assertFails(evaluate(bare, "--split", "val"), 2, "no part 'val'");
  }

  private static long images(CliRun run) {
    return Long.parseLong(run.out().strip().replaceFirst(".* ", ""));
  }

  @Test
  void unreadableImageStopsOrIsSkipped() throws IOException {
    Path data = folder.resolve("data");
    for (String digit : List.of("3", "7")) {
      Digits.copyClass(digit, data.resolve(digit), 10);
    }
    Path bad = data.resolve("3").resolve("0000.png");
    Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), 40));
    Digits.assertFails(evaluate(data), 6, bad.toString());
    CliRun skipped = evaluate(data, "--bad-images", "skip");
    assertEquals(19, images(skipped), skipped.err());
    assertTrue(skipped.err().contains("skipped 3/0000.png"), skipped.err());
    assertEquals(20, rows(data, "--bad-images", "skip", "-b", "7").size());
  }

  @Test
  void formatsAndQuiet() {
    CliRun json = evaluate(Digits.DATA, "--limit-val", "50", "--format", "json", "-q");
    String keys = "\\{\"acc1\":.*,\"acc5\":.*,\"loss\":.*,\"images\":50}";
    assertTrue(json.out().strip().matches(keys), json.out());
    assertEquals("", json.err().lines().filter(l -> !l.isEmpty()).collect(Collectors.joining()));
  }

  @Test
  void flagsThatMakeNoSense() {
    Digits.assertFails(evaluate(folder.resolve("none")), 2, "no such folder");
    Digits.assertFails(evaluate(Digits.DATA, "--split", "vall"), 2, "train, val, test");
    Digits.assertFails(evaluate(Digits.DATA, "--split", "test"), 2, "no part 'test'");
    Digits.assertFails(evaluate(Digits.DATA, "-b", "0"), 2, "--batch-size");
    Digits.assertFails(evaluate(Digits.DATA, "-j", "0"), 2, "--workers");
    Digits.assertFails(evaluate(Digits.DATA, "--limit-val", "-1"), 2, "negative");
    Digits.assertFails(evaluate(Digits.DATA, "--result-file", "x"), 2, "--results-file?");
    Digits.assertFails(CliRun.of("evaluate", "--data-path", "x"), 2, "--weights");
    Digits.assertFails(evaluate(Digits.DATA, "--device", "cuda:9"), 5, "cuda:");
    Path results = folder.resolve("none/r.csv");
    Digits.assertFails(
        evaluate(Digits.DATA, "--results-file", results.toString()), 2, results.toString());
    assertFalse(Files.exists(results));
  }
}
