package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.testing.TestData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement with Pillow's resize and torchvision's evaluation crop. */
class ResizeTest {
  private static final Path GOLDEN = TestData.path("golden/images");

  record Case(String image, Filter filter, int width, int height) {
    Path expected() {
      return GOLDEN.resolve(
          "%s_%s_%dx%d.npy"
              .formatted(image, filter.name().toLowerCase(Locale.ROOT), width, height));
    }
  }

  static Stream<Case> cases() {
    return Stream.of("photo", "small", "tall", "wide")
        .flatMap(
            image ->
                Stream.of(
                    new Case(image, Filter.BILINEAR, 224, 224),
                    new Case(image, Filter.BILINEAR, 64, 48),
                    new Case(image, Filter.BILINEAR, 500, 400),
                    new Case(image, Filter.BILINEAR, 17, 90),
                    new Case(image, Filter.BICUBIC, 64, 48)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void repeatsPillow(Case c) throws IOException {
    RawImage image = Decoder.read(GOLDEN.resolve(c.image() + ".png"));
    RawImage resized = Resize.apply(image, Region.whole(image), c.filter(), c.height(), c.width());
    assertArrayEquals(NpyBytes.read(c.expected()), resized.pixels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"photo", "small", "tall", "wide"})
  void framesLikeTorchvision(String name) throws IOException {
    RawImage image = Decoder.read(GOLDEN.resolve(name + ".png"));
    byte[] expected = NpyBytes.read(GOLDEN.resolve(name + "_eval_224.npy"));
    var bytes = new Preprocessing(3, 256, 224, 224, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    try (var target = HostTensor.zeros(TensorType.of(DType.UINT8, 2, 3, 224, 224))) {
      bytes.apply(image, target, 1);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i] & 0xFF, target.get(expected.length + i));
        assertEquals(0, target.get(i));
      }
    }
  }

  @Test
  void resizesTheRegionAsIfItWereAnImage() {
    RawImage image = Decoder.read(GOLDEN.resolve("photo.png"));
    Region region = new Region(30, 50, 200, 101);
    byte[] cut = new byte[200 * 101 * 3];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = (byte) image.value(30 + i / 303, 50 + i / 3 % 101, i % 3);
    }
    RawImage alone = new RawImage(cut, 200, 101, 3);
    assertArrayEquals(
        Resize.apply(alone, Region.whole(alone), Filter.BILINEAR, 64, 64).pixels(),
        Resize.apply(image, region, Filter.BILINEAR, 64, 64).pixels());
  }

  @Test
  void sameSizeIsTheSameImage() {
    RawImage image = Decoder.read(GOLDEN.resolve("small.png"));
    assertSame(image, Resize.apply(image, Region.whole(image), Filter.BICUBIC, 23, 31));
  }
}
