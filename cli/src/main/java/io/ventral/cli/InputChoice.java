package io.ventral.cli;

import io.ventral.data.Dataset;
import io.ventral.data.Preprocessing;
import io.ventral.data.RawImage;
import io.ventral.error.EngineException;
import io.ventral.network.NetworkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the network sees: size and channels of its input, and how images get there.
 *
 * <p>Channels follow the data. For networks of small images so does the size, where all images have
 * the same; other networks take their own size, images being resized and cropped.
 */
record InputChoice(NetworkRequest request, Preprocessing preprocessing) {
  /** Images looked at, evenly spaced. */
  private static final int SAMPLES = 8;

  /** Torchvision resizes to 256 for a crop of 224. */
  private static final double RESIZE_PER_CROP = 256.0 / 224.0;

  private static final double GREY_MEAN = 0.449;
  private static final double GREY_STD = 0.226;

  /** The sizes asked for by flags. */
  record Sizes(Optional<Integer> resize, Optional<Integer> crop) {}

  /** Returns the choice for a model and the images it is to learn from. */
  static InputChoice of(ModelSource model, Dataset dataset, Sizes sizes) {
    List<RawImage> samples = samples(dataset);
    boolean grey = samples.stream().allMatch(image -> image.channels() == 1);
    int channels = model instanceof ModelSource.Fixed ? model.defaults().channels() : grey ? 1 : 3;
    return of(model, samples, channels, dataset.classNames().size(), sizes);
  }

  /** Returns the choice for a model whose channels and classes are settled. */
  static InputChoice of(ModelSource model, Dataset dataset, int channels, int classes) {
    Sizes sizes = new Sizes(Optional.empty(), Optional.empty());
    return of(model, samples(dataset), channels, classes, sizes);
  }

  /**
   * Images that cannot be read are passed over: what is to be done about them is decided elsewhere.
   */
  private static List<RawImage> samples(Dataset dataset) {
    int count = Math.min(SAMPLES, dataset.size());
    List<RawImage> samples = new ArrayList<>();
    List<EngineException> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      try {
        samples.add(dataset.image((int) ((long) i * dataset.size() / count)));
      } catch (EngineException e) {
        problems.add(e);
      }
    }
    if (samples.isEmpty()) {
      throw problems.getFirst();
    }
    return samples;
  }

  private static InputChoice of(
      ModelSource model, List<RawImage> samples, int channels, int classes, Sizes sizes) {
    RawImage first = samples.getFirst();
    boolean oneSize =
        samples.stream()
            .allMatch(image -> image.height() == first.height() && image.width() == first.width());
    if (model.sizeFollowsData()) {
      Preprocessing small = small(model, first, oneSize, channels, sizes);
      return new InputChoice(
          new NetworkRequest(channels, small.cropHeight(), small.cropWidth(), classes), small);
    }
    int crop = sizes.crop().orElse(model.defaults().height());
    int resize = sizes.resize().orElse((int) Math.round(crop * RESIZE_PER_CROP));
    return new InputChoice(
        new NetworkRequest(channels, crop, crop, classes), photographs(channels, resize, crop));
  }

  private static Preprocessing small(
      ModelSource model, RawImage first, boolean oneSize, int channels, Sizes sizes) {
    if (oneSize && sizes.crop().isEmpty() && sizes.resize().isEmpty()) {
      return Preprocessing.small(channels, 0, first.height(), first.width());
    }
    int crop = sizes.crop().orElse(model.defaults().height());
    return Preprocessing.small(channels, sizes.resize().orElse(crop), crop, crop);
  }

  private static Preprocessing photographs(int channels, int resize, int crop) {
    return channels == 3
        ? Preprocessing.imageNet(resize, crop)
        : new Preprocessing(1, resize, crop, crop, List.of(GREY_MEAN), List.of(GREY_STD));
  }

  /** Returns the sizes that the flags give, refusing what this version cannot do. */
  static Sizes sizes(
      Optional<Integer> trainCrop, Optional<Integer> valResize, Optional<Integer> valCrop) {
    if (trainCrop.isPresent() && valCrop.isPresent() && !trainCrop.equals(valCrop)) {
      throw EngineException.unsupported(
          "--train-crop-size %d and --val-crop-size %d: must be equal in this version"
              .formatted(trainCrop.get(), valCrop.get()));
    }
    return new Sizes(valResize, trainCrop.or(() -> valCrop));
  }
}
