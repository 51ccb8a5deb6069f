package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.tensor.HostTensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an image becomes the network's input when nothing is random: channels converted, the shorter
 * side resized (antialiased bilinear), the centre cropped, values scaled to 0–1 and normalised. It
 * belongs to the weights and is stored with them.
 *
 * @param channels 1 (RGB becomes luma) or 3 (grey is copied)
 * @param resize length of the shorter side in pixels; 0 = not resized
 * @param cropHeight rows of the network's input
 * @param cropWidth columns of the network's input
 * @param mean per channel, on the scale 0–1
 * @param std per channel, on the scale 0–1
 */
public record Preprocessing(
    int channels, int resize, int cropHeight, int cropWidth, List<Double> mean, List<Double> std) {
  private static final long MAX_RESIZED = 100_000_000;

  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (channels != 1 && channels != 3) {
      throw EngineException.user("preprocessing to " + channels + " channels; 1 and 3 fit");
    }
    if (resize < 0 || cropHeight < 1 || cropWidth < 1) {
      throw EngineException.user(
          "preprocessing: resize %d must not be negative, crop %dx%d must be positive"
              .formatted(resize, cropHeight, cropWidth));
    }
    if (mean.size() != channels || std.size() != channels) {
      throw EngineException.user(
          "preprocessing: %d means and %d deviations for %d channels"
              .formatted(mean.size(), std.size(), channels));
    }
    if (std.stream().anyMatch(d -> !(d > 0) || d.isInfinite())
        || mean.stream().anyMatch(m -> !Double.isFinite(m))) {
      throw EngineException.user(
          "preprocessing: mean " + mean + " must be finite, std " + std + " positive");
    }
  }

  /** Returns what networks trained on ImageNet expect: mean and deviation of its pixels. */
  public static Preprocessing imageNet(int resize, int crop) {
    return new Preprocessing(
        3, resize, crop, crop, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /** Returns what suits small images all of the size of {@code example}: not resized, −1 to 1. */
  public static Preprocessing sizedAs(RawImage example) {
    return small(example.channels(), 0, example.height(), example.width());
  }

  /** Returns what suits small images: −1 to 1. */
  public static Preprocessing small(int channels, int resize, int cropHeight, int cropWidth) {
    List<Double> half = Collections.nCopies(channels, 0.5);
    return new Preprocessing(channels, resize, cropHeight, cropWidth, half, half);
  }

  /**
   * Writes {@code image} as sample {@code sample} of {@code target}: u8[n, channels, cropHeight,
   * cropWidth], still to be normalised.
   *
   * @throws EngineException DATA if the image is so narrow that resizing it would not fit into
   *     memory
   */
  public void apply(RawImage image, HostTensor target, int sample) {
    new SampleWriter(this).write(image, frame(image), target, sample);
  }

  /** Returns the byte that comes closest to zero when it is normalised. */
  byte neutral(int channel) {
    return (byte) Math.clamp(Math.rint(255 * mean.get(channel)), 0, 255);
  }

  /** Returns the network's view of {@code image}: torchvision's Resize, then CenterCrop. */
  Framing frame(RawImage image) {
    long height = image.height();
    long width = image.width();
    if (resize > 0) {
      long shorter = Math.min(height, width);
      height = height * resize / shorter;
      width = width * resize / shorter;
    }
    if (height * width > MAX_RESIZED) {
      throw EngineException.data(
          "image of %dx%d pixels would become %dx%d with a shorter side of %d; at most %d pixels fit"
              .formatted(image.height(), image.width(), height, width, resize, MAX_RESIZED));
    }
    int top = offset((int) height, cropHeight);
    int left = offset((int) width, cropWidth);
    return new Framing(Region.whole(image), (int) height, (int) width, top, left, false);
  }

  /** Returns these settings as text, to be stored with the weights. */
  public Map<String, String> toMetadata() {
    return PreprocessingMetadata.write(this);
  }

  /**
   * Returns the settings stored in {@code metadata}, if there are any.
   *
   * @throws EngineException DATA if they are incomplete or make no sense
   */
  public static Optional<Preprocessing> fromMetadata(Map<String, String> metadata) {
    return PreprocessingMetadata.read(metadata);
  }

  /** Half of a pixel goes to the even side, as Python rounds; padding puts its odd row behind. */
  private static int offset(int extent, int crop) {
    return extent >= crop ? (int) Math.rint((extent - crop) / 2.0) : -((crop - extent) / 2);
  }
}
