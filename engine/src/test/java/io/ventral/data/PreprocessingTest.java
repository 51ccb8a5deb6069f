package io.ventral.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {
  @ParameterizedTest
  @CsvSource({
    // height, width, shorter side, crop -> resized height and width, top and left
    "375, 500, 256, 224, 256, 341, 16, 58",
    "500, 375, 256, 224, 341, 256, 58, 16",
    "100, 100, 0, 97, 100, 100, 2, 2",
    "100, 100, 0, 99, 100, 100, 0, 0",
    "20, 29, 0, 24, 20, 29, -2, 2",
    "21, 21, 0, 24, 21, 21, -1, -1"
  })
  void framesAsTorchvisionRounds(
      int height, int width, int resize, int crop, int toHeight, int toWidth, int top, int left) {
    RawImage image = new RawImage(new byte[height * width], height, width, 1);
    var half = List.of(0.5);
    Framing framing = new Preprocessing(1, resize, crop, crop, half, half).frame(image);
    Framing expected = new Framing(Region.whole(image), toHeight, toWidth, top, left, false);
    assertEquals(expected, framing);
  }

  @Test
  void writesChannelsLastWithBlackAround() {
    RawImage image = new RawImage(new byte[] {0, 51, 102}, 1, 1, 3);
    var preprocessing =
        new Preprocessing(3, 0, 1, 2, List.of(0.5, 0.0, 0.25), List.of(0.5, 1.0, 0.25));
    try (var target = HostTensor.zeros(TensorType.of(DType.UINT8, 1, 3, 1, 2))) {
      preprocessing.apply(image, target, 0);
      // Logical order: both columns of each channel; the second column is padding, a black pixel.
      assertArrayEquals(new double[] {0, 0, 51, 0, 102, 0}, target.toRowMajor());
    }
  }

  @Test
  void convertsChannels() {
    RawImage colour = new RawImage(new byte[] {(byte) 255, 0, 0, 10, 20, 30}, 1, 2, 3);
    assertArrayEquals(new byte[] {76, 18}, colour.toGrey().pixels());
    RawImage grey = new RawImage(new byte[] {51}, 1, 1, 1);
    var three = new Preprocessing(3, 0, 1, 1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    try (var target = HostTensor.zeros(TensorType.of(DType.UINT8, 1, 3, 1, 1))) {
      three.apply(grey, target, 0);
      assertArrayEquals(new double[] {51, 51, 51}, target.toRowMajor());
    }
  }

  @Test
  void theNeutralByteIsNextToTheMean() {
    var means = List.of(0.0, 0.485, 1.0);
    var preprocessing = new Preprocessing(3, 0, 1, 1, means, List.of(1.0, 0.229, 0.1));
    assertEquals(0, preprocessing.neutral(0));
    assertEquals(124, preprocessing.neutral(1));
    assertEquals((byte) 255, preprocessing.neutral(2));
  }

  @Test
  void metadataHoldsEverything() {
    Preprocessing imageNet = Preprocessing.imageNet(256, 224);
    assertEquals(Optional.of(imageNet), Preprocessing.fromMetadata(imageNet.toMetadata()));
    Preprocessing small = Preprocessing.sizedAs(new RawImage(new byte[28 * 20], 28, 20, 1));
    assertEquals(Optional.of(small), Preprocessing.fromMetadata(small.toMetadata()));
    assertEquals(Optional.empty(), Preprocessing.fromMetadata(Map.of("epoch", "3")));
  }

  @ParameterizedTest
  @CsvSource({"channels, 2", "mean, 'a,b,c'", "std, '0,1,1'", "crop-width,", "interpolation, x"})
  void damagedMetadataIsAnErrorAboutData(String entry, String value) {
    Map<String, String> metadata = new HashMap<>(Preprocessing.imageNet(256, 224).toMetadata());
    metadata.put("preprocessing." + entry, value);
    var problem = assertThrows(EngineException.class, () -> Preprocessing.fromMetadata(metadata));
    assertEquals(ErrorKind.DATA, problem.kind());
  }

  @Test
  void absurdlyNarrowImagesAreRefused() {
    RawImage line = new RawImage(new byte[1_000_000], 1, 1_000_000, 1);
    var problem =
        assertThrows(EngineException.class, () -> Preprocessing.imageNet(256, 224).frame(line));
    assertEquals(ErrorKind.DATA, problem.kind());
  }
}
