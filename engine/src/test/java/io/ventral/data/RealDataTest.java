package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data sets that are not part of the project; the tests skip, saying so, where they are missing.
 */
class RealDataTest {
  @ParameterizedTest
  @ValueSource(strings = {"mnist", "fashion-mnist"})
  void idxFilesOpen(String name) {
    Splits splits = DataSource.open(real(name), DataOptions.defaults());
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(60_000, train.size());
    assertEquals(10_000, splits.require(Split.VAL).size());
    assertEquals(10, splits.classNames().size());
    assertEquals(28, train.image(59_999).width());
    int[] perClass = new int[10];
    IntStream.range(0, 60_000).forEach(item -> perClass[train.label(item)]++);
    assertTrue(IntStream.of(perClass).allMatch(count -> count > 5000));
  }

  @Test
  void photographsOpenAndLoad() {
    Splits splits = DataSource.open(real("hymenoptera"), DataOptions.defaults());
    assertEquals(List.of("ants", "bees"), splits.classNames());
    Dataset train = splits.require(Split.TRAIN);
    assertEquals(398, train.size() + splits.require(Split.VAL).size() + splits.ignoredFiles());
    List<String> names = IntStream.range(0, train.size()).mapToObj(train::name).toList();
    for (String file : List.of("ant photos.jpg", "imageNotFound.gif", "formica.jpeg")) {
      assertNotNull(train.image(names.indexOf("train/ants/" + file)));
    }
    var options =
        LoaderOptions.training(32, DType.FLOAT32, Preprocessing.imageNet(256, 224), 2)
            .withAugmentation(Augmentation.DEFAULT, 0);
    var sampler = new Sampler.Shuffled(train.size(), 0);
    try (var loader = BatchLoader.start(train, sampler, options, BatchRange.epoch(0))) {
      int images = 0;
      while (loader.hasNext()) {
        images += loader.next().count();
      }
      assertEquals(train.size(), images);
    }
  }

  @Test
  @Timeout(120)
  void hostileFilesGiveAnImageOrADataError() throws IOException {
    List<Path> files;
    try (var paths = Files.walk(real("hostile-images"))) {
      files = paths.filter(Files::isRegularFile).toList();
    }
    int images = 0;
    for (Path file : files) {
      try {
        assertNotNull(Decoder.read(file));
        images++;
      } catch (EngineException e) {
        assertEquals(ErrorKind.DATA, e.kind(), e.getMessage());
        assertTrue(e.getMessage().startsWith(file.toString()));
      }
    }
    assertTrue(images > 250, images + " of " + files.size() + " readable");
  }

  private static Path real(String name) {
    Path folder = TestData.path("../../shared/data").resolve(name).normalize();
    assumeTrue(Files.isDirectory(folder), "skipped: no real data in " + folder);
    return folder;
  }
}
