package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.Philox;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final Preprocessing PREPROCESSING = Preprocessing.imageNet(256, 224);
  private static final RawImage IMAGE = new RawImage(new byte[300 * 400 * 3], 300, 400, 3);

  @Test
  void randomPartsFillTheirRanges() {
    double minArea = 1;
    double maxArea = 0;
    int mirrored = 0;
    for (int position = 0; position < 2000; position++) {
      Framing framing = frame(Augmentation.DEFAULT, IMAGE, position);
      Region part = framing.source();
      double area = part.height() * part.width() / (300.0 * 400);
      double aspect = (double) part.width() / part.height();
      assertTrue(aspect > 0.74 && aspect < 1.35, part.toString());
      assertTrue(part.top() + part.height() <= 300 && part.left() + part.width() <= 400);
      assertEquals(224, framing.height());
      minArea = Math.min(minArea, area);
      maxArea = Math.max(maxArea, area);
      mirrored += framing.mirror() ? 1 : 0;
    }
    assertEquals(0.08, minArea, 0.01);
    assertEquals(1, maxArea, 0.05);
    assertEquals(1000, mirrored, 120);
  }

  @Test
  void whatIsTooNarrowGivesItsCentre() {
    RawImage narrow = new RawImage(new byte[10 * 1000], 10, 1000, 1);
    assertEquals(new Region(0, 493, 10, 13), frame(Augmentation.DEFAULT, narrow, 3).source());
  }

  @Test
  void shiftsReachTwoPixelsEachWay() {
    RawImage digit = new RawImage(new byte[28 * 28], 28, 28, 1);
    Preprocessing small = Preprocessing.sizedAs(digit);
    Set<String> places = new HashSet<>();
    for (int position = 0; position < 1000; position++) {
      Framing framing = Augmentation.SHIFT.frame(small, digit, draws(1, 0, position));
      assertTrue(Math.abs(framing.top()) <= 2 && Math.abs(framing.left()) <= 2);
      places.add(framing.top() + " " + framing.left());
    }
    assertEquals(25, places.size());
  }

  @Test
  void choicesDependOnSeedEpochAndPosition() {
    Framing framing = frame(Augmentation.DEFAULT, IMAGE, 7);
    assertEquals(framing, frame(Augmentation.DEFAULT, IMAGE, 7));
    assertNotEquals(framing, frame(Augmentation.DEFAULT, IMAGE, 8));
    assertNotEquals(framing, Augmentation.DEFAULT.frame(PREPROCESSING, IMAGE, draws(2, 0, 7)));
    assertNotEquals(framing, Augmentation.DEFAULT.frame(PREPROCESSING, IMAGE, draws(1, 1, 7)));
  }

  @Test
  void noneIsTheEvaluationFraming() {
    assertEquals(PREPROCESSING.frame(IMAGE), frame(Augmentation.NONE, IMAGE, 0));
  }

  @Test
  void namesAreThoseOfTheCommandLine() {
    assertEquals(Augmentation.DEFAULT, Augmentation.of("default"));
    var problem = assertThrows(EngineException.class, () -> Augmentation.of("mixup"));
    assertEquals(ErrorKind.USER, problem.kind());
    assertEquals("augmentation 'mixup': fits none, default, shift", problem.getMessage());
  }

  private static Framing frame(Augmentation augmentation, RawImage image, long position) {
    return augmentation.frame(PREPROCESSING, image, draws(1, 0, position));
  }

  private static Draws draws(long seed, int epoch, long position) {
    return new Draws(new Philox(seed), epoch, position);
  }
}
