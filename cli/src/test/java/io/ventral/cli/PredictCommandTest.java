package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code predict}. */
class PredictCommandTest {
  private static final Path IMAGE = Digits.DATA.resolve("val/7/0000.png");

  @TempDir static Path shared;
  private static Path weights;

  @TempDir Path folder;

  @BeforeAll
  static void train() {
    Digits.train(shared.resolve("run"));
    weights = shared.resolve("run").resolve("last.safetensors");
  }

  private static CliRun predict(String... more) {
    List<String> args = new ArrayList<>(List.of("predict", "--weights", weights.toString()));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  private static JsonNode json(CliRun run) {
    assertEquals(0, run.exitCode(), run.err());
    return JsonMapper.builder().build().readTree(run.out());
  }

  @Test
  void oneImage() {
    JsonNode all = json(predict(IMAGE.toString()));
    assertEquals(1, all.size());
    assertEquals(IMAGE.toString(), all.get(0).get("file").asString());
    JsonNode top = all.get(0).get("top");
    assertEquals(5, top.size());
    for (int i = 0; i < 5; i++) {
      assertEquals(
          top.get(i).get("class").asString(), String.valueOf(top.get(i).get("index").asInt()));
      assertTrue(
          i == 0
              || top.get(i).get("probability").asDouble()
                  <= top.get(i - 1).get("probability").asDouble());
    }
  }

  @Test
  void moreThanAllClassesAreAllAndTheirProbabilitiesAddUpToOne() {
    JsonNode top = json(predict("--topk", "1000", IMAGE.toString())).get(0).get("top");
    assertEquals(10, top.size());
    double sum = 0;
    for (JsonNode seen : top) {
      sum += seen.get("probability").asDouble();
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void foldersAreWalkedInTheOrderOfNamesWhateverTheBatch() throws IOException {
    Path images = folder.resolve("images");
    Digits.copyClass("3", images.resolve("b").resolve("deep"), 2);
    Digits.copyClass("7", images.resolve("a"), 3);
    Files.writeString(images.resolve("notes.txt"), "no image");
    JsonNode all = json(onReference("2", images));
    List<String> files = new ArrayList<>();
    all.forEach(image -> files.add(image.get("file").asString()));
    List<String> names = List.of("a/0000.png", "a/0001.png", "a/0002.png", "b/deep/0000.png");
    for (int i = 0; i < names.size(); i++) {
      assertEquals(images.resolve(names.get(i)).toString(), files.get(i));
    }
    assertEquals(6, files.size());
    assertEquals(all.get(0).get("top"), all.get(5).get("top"));
    assertEquals(all, json(onReference("1", images)));
  }

  /** On the reference the batch does not change a single bit. */
  private CliRun onReference(String batch, Path images) {
    return predict("--device", "reference", "-b", batch, images.toString(), IMAGE.toString());
  }

  @Test
  void classNames() throws IOException {
    Path names = folder.resolve("names.txt");
    Files.writeString(names, "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven, say\neight\nnine\n");
    JsonNode top =
        json(predict("--class-names", names.toString(), "--topk", "10", IMAGE.toString()))
            .get(0)
            .get("top");
    boolean named = false;
    for (JsonNode seen : top) {
      named |= seen.get("index").asInt() == 7 && seen.get("class").asString().equals("seven, say");
    }
    assertTrue(named);
    CliRun csv =
        predict(
            "--format", "csv", "--topk", "10", "--class-names", names.toString(), IMAGE.toString());
    assertEquals("file,rank,class,index,probability", csv.out().lines().findFirst().orElse(""));
    assertEquals(11, csv.out().lines().count());
    assertTrue(csv.out().contains(",\"seven, say\",7,"), csv.out());
    Files.writeString(names, "zero\none\n");
    Digits.assertFails(
        predict("--class-names", names.toString(), IMAGE.toString()), 6, "2 class names", "10");
    Digits.assertFails(predict("--class-names", "nowhere.txt", IMAGE.toString()), 2, "nowhere.txt");
  }

  @Test
  void bareWeightsGiveIndices() {
    Path bare = Digits.bare(weights, folder.resolve("bare.safetensors"));
    CliRun run =
        CliRun.of("predict", "--weights", bare.toString(), "--model", "lenet5", IMAGE.toString());
    JsonNode best = json(run).get(0).get("top").get(0);
    assertTrue(best.get("class").isNumber());
    assertEquals(best.get("index"), best.get("class"));
    JsonNode named = json(predict(IMAGE.toString())).get(0).get("top").get(0);
    assertEquals(named.get("probability"), best.get("probability"));
  }

  @Test
  void imagesOfAnotherSizeAreMentionedOnce() throws IOException {
    assertFalse(predict(IMAGE.toString()).err().contains("not resized but"));
    for (int size : List.of(20, 40)) {
      ImageIO.write(
          new BufferedImage(size, 28, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          folder.resolve(size + ".png").toFile());
    }
    CliRun run = predict(IMAGE.toString(), folder.toString());
    assertEquals(3, json(run).size());
    List<String> lines =
        run.err().lines().filter(line -> line.contains("not resized but")).toList();
    assertEquals(1, lines.size(), run.err());
    assertTrue(lines.getFirst().startsWith("2 of 3 images are not 28x28, such as "), run.err());
    assertTrue(lines.getFirst().contains("20.png (28x20)"), run.err());
    assertFalse(predict("-q", folder.toString()).err().contains("not resized but"));
  }

  @Test
  void text() {
    CliRun run = predict("--format", "text", "--topk", "2", IMAGE.toString());
    assertTrue(run.out().strip().matches(".*0000\\.png: \\d \\d\\.\\d{4}, \\d \\d\\.\\d{4}"));
  }

  @Test
  void badInput() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    Digits.assertFails(predict(IMAGE.toString(), text.toString()), 6, text.toString());
    Digits.assertFails(predict(text.toString()), 6, text.toString());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Digits.assertFails(predict(empty.toString()), 6, empty.toString(), "without an image");
    Digits.assertFails(predict("nowhere.png"), 2, "nowhere.png");
    Digits.assertFails(predict("--topk", "0", IMAGE.toString()), 2, "--topk");
    Digits.assertFails(predict(), 2, "IMAGE|FOLDER");
    Digits.assertFails(CliRun.of("predict", IMAGE.toString()), 2, "--weights");
  }
}
