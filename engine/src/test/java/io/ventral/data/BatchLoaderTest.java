package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BatchLoaderTest {
  private static final NumberedImages IMAGES = new NumberedImages(22, Set.of());
  private static final Preprocessing PREPROCESSING = Preprocessing.sizedAs(IMAGES.image(0));
  private static final Sampler SHUFFLED = new Sampler.Shuffled(22, 9);

  /** What lies next to the mean, half of 255. */
  private static final int MEAN = 128;

  @Test
  void batchesDoNotDependOnTheNumberOfThreads() {
    List<String> alone = contents(IMAGES, training(1), new BatchRange(0, 0, 3));
    assertEquals(18, alone.size());
    assertEquals(18, new HashSet<>(alone).size());
    for (int repetition = 0; repetition < 20; repetition++) {
      assertEquals(alone, contents(IMAGES, training(4), new BatchRange(0, 0, 3)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 6, 11})
  void startingInTheMiddleGivesTheTail(int batch) {
    List<String> whole = contents(IMAGES, training(2), new BatchRange(0, 0, 3));
    BatchRange tail = new BatchRange(batch / 6, batch % 6, 3);
    assertEquals(whole.subList(batch, 18), contents(IMAGES, training(2), tail));
  }

  @Test
  void holdsItsItemsInTheSamplersOrder() {
    int[] order = SHUFFLED.order(1);
    List<Integer> items = new ArrayList<>();
    try (var loader = BatchLoader.start(IMAGES, SHUFFLED, plain(3), BatchRange.epoch(1))) {
      for (int index = 0; loader.hasNext(); index++) {
        Batch batch = loader.next();
        assertEquals(1, batch.epoch());
        assertEquals(index, batch.index());
        assertEquals(index == 5 ? 2 : 4, batch.count());
        assertEquals(batch.count(), batch.input().type().extent(0));
        for (int i = 0; i < batch.count(); i++) {
          int item = batch.items()[i];
          items.add(item);
          assertEquals(item % 2, batch.labels().get(i));
          assertEquals(1, batch.weights().get(i));
          assertEquals(item + 15, batch.input().get(i * 16 + 15));
        }
      }
    }
    assertArrayEquals(order, items.stream().mapToInt(Integer::intValue).toArray());
  }

  @Test
  void paddingHasWeightZero() {
    var options = LoaderOptions.evaluation(4, DType.FLOAT32, PREPROCESSING, 2);
    var sampler = new Sampler.Sequential(22);
    try (var loader = BatchLoader.start(IMAGES, sampler, options, new BatchRange(0, 5, 1))) {
      Batch batch = loader.next();
      assertEquals(2, batch.count());
      assertArrayEquals(new int[] {20, 21}, batch.items());
      assertArrayEquals(new double[] {1, 1, 0, 0}, batch.weights().toRowMajor());
      assertArrayEquals(new double[] {0, 1, 0, 0}, batch.labels().toRowMajor());
      double[] input = batch.input().toRowMajor();
      assertTrue(Arrays.stream(input, 0, 32).allMatch(v -> v != MEAN));
      assertTrue(Arrays.stream(input, 32, 64).allMatch(v -> v == MEAN));
    }
  }

  @Test
  void placesAreReusedAndABatchOutlivesTheNextCall() {
    Set<HostTensor> inputs = new HashSet<>();
    try (var loader = BatchLoader.start(IMAGES, SHUFFLED, plain(4), new BatchRange(0, 0, 50))) {
      Batch last = loader.next();
      double[] seen = last.input().toRowMajor();
      while (loader.hasNext()) {
        Batch next = loader.next();
        assertArrayEquals(seen, last.input().toRowMajor());
        last = next;
        seen = last.input().toRowMajor();
        inputs.add(last.input());
      }
    }
    // Four places, each with memory for a full batch and, once it had one, for a partial batch.
    assertTrue(inputs.size() <= 8, inputs.size() + " tensors");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aBadImageFailsItsBatchWithTheFirstProblem(int workers) {
    var images = new NumberedImages(22, Set.of(6, 7, 13));
    var sampler = new Sampler.Sequential(22);
    try (var loader = BatchLoader.start(images, sampler, plain(workers), new BatchRange(0, 0, 1))) {
      assertEquals(0, loader.next().index());
      var problem = assertThrows(EngineException.class, loader::next);
      assertEquals("item6: damaged", problem.getMessage());
      assertSame(problem, assertThrows(EngineException.class, loader::next));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void skippedImagesHaveWeightZeroAndAreListedOnce(int workers) {
    var images = new NumberedImages(22, Set.of(6, 13));
    var options = plain(workers).withBadImages(BadImages.SKIP);
    var sampler = new Sampler.Sequential(22);
    try (var loader = BatchLoader.start(images, sampler, options, new BatchRange(0, 0, 2))) {
      for (int i = 0; i < 12; i++) {
        Batch batch = loader.next();
        for (int k = 0; k < batch.count(); k++) {
          boolean bad = images.bad().contains(batch.items()[k]);
          assertEquals(bad ? 0 : 1, batch.weights().get(k));
          assertTrue(!bad || batch.input().get(k * 16 + 5) == MEAN);
        }
      }
      assertEquals(
          List.of(
              new BadImage(6, "item6", "item6: damaged"),
              new BadImage(13, "item13", "item13: damaged")),
          loader.badImages());
    }
  }

  @Test
  void tooManyBadImagesFailEvenWhenSkipped() {
    var images = new NumberedImages(22, Set.of(0, 6, 13));
    var options = plain(2).withBadImages(BadImages.SKIP);
    var sampler = new Sampler.Sequential(22);
    try (var loader = BatchLoader.start(images, sampler, options, BatchRange.epoch(0))) {
      IntStream.range(0, 3).forEach(i -> loader.next());
      var problem = assertThrows(EngineException.class, loader::next);
      assertEquals(ErrorKind.DATA, problem.kind());
      assertEquals(
          "3 of 22 images are bad, more than 10 %; the first: item0: damaged",
          problem.getMessage());
    }
  }

  @Test
  void endsWithItsRangeAndRefusesToGoOn() {
    try (var loader = BatchLoader.start(IMAGES, SHUFFLED, plain(1), new BatchRange(0, 5, 1))) {
      loader.next();
      assertFalse(loader.hasNext());
      assertEquals(ErrorKind.INTERNAL, assertThrows(EngineException.class, loader::next).kind());
    }
  }

  @Test
  void closesAtOnceWhereverItIs() throws InterruptedException {
    for (int taken = 0; taken < 6; taken++) {
      var loader = BatchLoader.start(IMAGES, SHUFFLED, plain(4), BatchRange.epoch(0));
      IntStream.range(0, taken).forEach(i -> loader.next());
      loader.close();
      loader.close();
    }
    Thread.currentThread().interrupt();
    try (var loader = BatchLoader.start(IMAGES, SHUFFLED, plain(4), BatchRange.epoch(0))) {
      assertEquals(4, loader.next().count());
    }
    assertTrue(Thread.interrupted(), "the interrupt is still to be seen by the caller");
  }

  @Test
  void closingWakesAWaitingCaller() throws InterruptedException {
    Dataset stuck = new StuckImages(IMAGES);
    var loader =
        BatchLoader.start(stuck, new Sampler.Sequential(22), plain(1), BatchRange.epoch(0));
    var problem = new ArrayList<EngineException>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> problem.add(assertThrows(EngineException.class, loader::next)));
    Thread.sleep(50);
    loader.close();
    caller.join();
    assertEquals("the loader is closed", problem.getFirst().getMessage());
  }

  @Test
  void differentSeedsDiffer() {
    LoaderOptions other = training(2).withAugmentation(Augmentation.SHIFT, 78);
    assertNotEquals(
        contents(IMAGES, training(2), BatchRange.epoch(0)),
        contents(IMAGES, other, BatchRange.epoch(0)));
  }

  private static LoaderOptions training(int workers) {
    return plain(workers).withAugmentation(Augmentation.SHIFT, 77);
  }

  private static LoaderOptions plain(int workers) {
    return LoaderOptions.training(4, DType.FLOAT32, PREPROCESSING, workers);
  }

  private static List<String> contents(Dataset images, LoaderOptions options, BatchRange range) {
    List<String> contents = new ArrayList<>();
    try (var loader = BatchLoader.start(images, SHUFFLED, options, range)) {
      while (loader.hasNext()) {
        Batch batch = loader.next();
        contents.add(
            Arrays.toString(batch.items())
                + Arrays.toString(batch.labels().toRowMajor())
                + Arrays.toString(batch.input().toRowMajor()));
      }
    }
    return contents;
  }
}
