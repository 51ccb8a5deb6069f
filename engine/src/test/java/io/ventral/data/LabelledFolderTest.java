package io.ventral.data;

import static io.ventral.data.SmallFiles.assertFails;
import static io.ventral.data.SmallFiles.picture;
import static io.ventral.data.SmallFiles.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledFolderTest {
  @TempDir Path folder;
  private Path root;
  private DataOptions options;

  @BeforeEach
  void writePictures() throws IOException {
    root = folder.resolve("images");
    options = new DataOptions(0, Optional.of(folder.resolve("labels.csv")), 0, 0);
    for (String name : List.of("1", "2, b", "3", "4")) {
      picture(root.resolve(name + ".png"), 2, 2, 0);
    }
  }

  @Test
  void readsWithAndWithoutHeading() throws IOException {
    labels("3.png,dog\n1.png,\"cat, wild\"\r\n\"2, b.png\",dog\n\n");
    Splits splits = DataSource.open(root, options);
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(List.of("cat, wild", "dog"), train.classNames());
    assertEquals("2, b.png", train.name(1));
    assertEquals(1, train.label(1));
    assertEquals(
        "labelled folder: train 3 images, 2 classes, 1 other files ignored", splits.description());
    labels("file,class\n1.png,x\n3.png,y\n");
    assertEquals(2, DataSource.open(root, options).require(Split.TRAIN).size());
  }

  @Test
  void errorsNameTheLine() throws IOException {
    assertFails(ErrorKind.USER, root, options, "labels.csv", "no such labels file");
    labels("file,class\n1.png\n");
    assertFails(ErrorKind.DATA, root, options, "labels.csv line 2", "'1.png'", "file,class fits");
    labels("1.png,a\n9.png,b\n");
    assertFails(ErrorKind.DATA, root, options, "labels.csv line 2", "9.png");
    labels("1.png,a\n1.png,b\n");
    assertFails(ErrorKind.DATA, root, options, "line 2", "listed twice");
    labels("1.png,a\n3.png,a\n");
    assertFails(ErrorKind.DATA, root, options, "1 classes", "at least two");
  }

  private void labels(String text) throws IOException {
    text(folder.resolve("labels.csv"), text);
  }
}
