package io.ventral.data;

import static io.ventral.data.SmallFiles.assertFails;
import static io.ventral.data.SmallFiles.picture;
import static io.ventral.data.SmallFiles.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();

  @TempDir Path root;

  @Test
  void classIndexIsTheRankOfTheFolderByCodePoint() throws IOException {
    // U+FF5E is below U+1F41C as a code point, above it as UTF-16.
    for (String name : List.of("\uD83D\uDC1C", "\uFF5E", "b", "a", "Z", "10", "9")) {
      picture(root.resolve("train").resolve(name).resolve("x.png"), 2, 3, 0x102030);
    }
    Splits splits = DataSource.open(root, DEFAULTS);
    assertEquals(List.of("10", "9", "Z", "a", "b", "\uFF5E", "\uD83D\uDC1C"), splits.classNames());
    assertEquals(Optional.empty(), splits.val());
    Dataset train = splits.require(Split.TRAIN);
    assertEquals("train/9/x.png", train.name(1));
    assertEquals(1, train.label(1));
    assertEquals(0x20, train.image(1).value(1, 2, 1));
  }

  @Test
  void findsImagesInAnyCaseAndCountsTheRest() throws IOException {
    picture(root.resolve("train/cat/b 1.PNG"), 2, 2, 0);
    picture(root.resolve("train/cat/deep/er/a.bmp"), 2, 2, 0);
    picture(root.resolve("train/cat/c.JPEG"), 2, 2, 0);
    picture(root.resolve("train/dog/d.gif"), 2, 2, 0);
    picture(root.resolve("val/dog/e.jpg"), 2, 2, 0);
    text(root.resolve("train/cat/notes.txt"), "");
    text(root.resolve("train/cat/.hidden.png"), "");
    text(root.resolve("train/.checkpoints/f.png"), "");
    text(root.resolve("train/list.csv"), "");
    text(root.resolve("README.md"), "");
    Splits splits = DataSource.open(root, DEFAULTS);
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(
        List.of("train/cat/b 1.PNG", "train/cat/c.JPEG", "train/cat/deep/er/a.bmp"),
        IntStream.range(0, 3).mapToObj(train::name).toList());
    assertEquals(5, splits.ignoredFiles());
    assertEquals(
        "class folders: train 4 val 1 images, 2 classes, 5 other files ignored",
        splits.description());
    assertEquals(1, splits.require(Split.VAL).label(0));
    var problem = assertThrows(EngineException.class, () -> splits.require(Split.TEST));
    assertEquals(ErrorKind.USER, problem.kind());
  }

  @Test
  void followsLinks() throws IOException {
    picture(root.resolve("elsewhere/a.png"), 2, 2, 0);
    picture(root.resolve("data/dog/b.png"), 2, 2, 0);
    Files.createSymbolicLink(root.resolve("data/cat"), root.resolve("elsewhere"));
    assertEquals(2, DataSource.open(root.resolve("data"), DEFAULTS).require(Split.TRAIN).size());
    Files.createSymbolicLink(root.resolve("data/dog/loop"), root.resolve("data/dog"));
    assertFails(ErrorKind.DATA, root.resolve("data"), DEFAULTS, "dog");
  }

  @Test
  void testFolderIsKeptApartIfItIsLabelled() throws IOException {
    picture(root.resolve("train/a/1.png"), 2, 2, 0);
    picture(root.resolve("train/b/2.png"), 2, 2, 0);
    picture(root.resolve("test/b/3.png"), 2, 2, 0);
    assertEquals("test/b/3.png", DataSource.open(root, DEFAULTS).require(Split.TEST).name(0));
    picture(root.resolve("test/unknown/4.png"), 2, 2, 0);
    Splits splits = DataSource.open(root, DEFAULTS);
    assertEquals(Optional.empty(), splits.test());
    assertEquals(2, splits.ignoredFiles());
  }

  @Test
  void valSplitDependsOnTheNameAlone() throws IOException {
    manyImages(200);
    DataOptions quarter = new DataOptions(0.25, Optional.empty(), 0, 0);
    Splits before = DataSource.open(root, quarter);
    Set<String> train = names(before.require(Split.TRAIN));
    Set<String> val = names(before.require(Split.VAL));
    assertEquals(200, train.size() + val.size());
    assertEquals(50, val.size(), 20);
    assertFalse(new HashSet<>(train).removeAll(val));
    for (int i = 0; i < 10; i++) {
      picture(root.resolve("a/new" + i + ".png"), 1, 1, 0);
    }
    assertTrue(names(DataSource.open(root, quarter).require(Split.VAL)).containsAll(val));
  }

  @Test
  void limitsTakeEvenlySpacedItems() throws IOException {
    manyImages(10);
    Dataset all = DataSource.open(root, DEFAULTS).require(Split.TRAIN);
    Dataset some =
        DataSource.open(root, new DataOptions(0, Optional.empty(), 4, 0)).require(Split.TRAIN);
    assertEquals(
        IntStream.of(0, 2, 5, 7).mapToObj(all::name).toList(),
        IntStream.range(0, some.size()).mapToObj(some::name).toList());
    assertEquals(List.of(0, 0, 1, 1), IntStream.range(0, 4).mapToObj(some::label).toList());
  }

  @Test
  void errorsSayWhatWasFoundAndWhatFits() throws IOException {
    assertFails(ErrorKind.USER, root.resolve("nowhere"), DEFAULTS, "nowhere", "no such folder");
    assertFails(ErrorKind.DATA, root, DEFAULTS, "empty folder", "train/<class>");
    Path file = text(root.resolve("note.txt"), "");
    assertFails(ErrorKind.USER, file, DEFAULTS, "a file, not a folder");
    assertFails(ErrorKind.DATA, root, DEFAULTS, "no class folder", "1 files");
    picture(root.resolve("cat/a.png"), 2, 2, 0);
    assertFails(ErrorKind.DATA, root, DEFAULTS, "only one class folder, 'cat'");
    Files.createDirectories(root.resolve("dog"));
    assertFails(ErrorKind.DATA, root, DEFAULTS, "dog", "without an image", ".jpeg");
  }

  @Test
  void valMayLackClassesButHaveNoOthers() throws IOException {
    picture(root.resolve("train/a/1.png"), 2, 2, 0);
    picture(root.resolve("train/b/2.png"), 2, 2, 0);
    picture(root.resolve("val/b/3.png"), 2, 2, 0);
    assertEquals(1, DataSource.open(root, DEFAULTS).require(Split.VAL).label(0));
    picture(root.resolve("val/c/4.png"), 2, 2, 0);
    assertFails(ErrorKind.DATA, root, DEFAULTS, "val/c", "'a' to 'b'");
  }

  private void manyImages(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      picture(root.resolve(i < count / 2 ? "a" : "b").resolve(i + ".png"), 1, 1, 0);
    }
  }

  private static Set<String> names(Dataset dataset) {
    Set<String> names = new TreeSet<>();
    IntStream.range(0, dataset.size()).mapToObj(dataset::name).forEach(names::add);
    return names;
  }
}
