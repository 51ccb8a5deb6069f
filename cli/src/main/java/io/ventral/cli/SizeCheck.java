package io.ventral.cli;

import io.ventral.data.Dataset;
import io.ventral.data.Preprocessing;
import io.ventral.data.RawImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Another data set, of whose images it is remembered which are not of the size of the network's
 * input: where nothing is resized, that is hardly what was meant.
 */
final class SizeCheck implements Dataset {
  private final Dataset dataset;
  private final Preprocessing preprocessing;
  private final ConcurrentSkipListMap<Integer, String> others = new ConcurrentSkipListMap<>();

  SizeCheck(Dataset dataset, Preprocessing preprocessing) {
    this.dataset = dataset;
    this.preprocessing = preprocessing;
  }

  /** Returns a line on the images seen that are of another size, if there are any. */
  Optional<String> finding() {
    return Optional.ofNullable(others.firstEntry())
        .map(
            first ->
                "%d of %d images are not %dx%d, such as %s (%s): not resized but cropped or padded"
                    .formatted(
                        others.size(),
                        size(),
                        preprocessing.cropHeight(),
                        preprocessing.cropWidth(),
                        name(first.getKey()),
                        first.getValue()))
        .map(line -> line + " at the centre, as the weights have it");
  }

  @Override
  public RawImage image(int item) {
    RawImage image = dataset.image(item);
    boolean fits =
        image.height() == preprocessing.cropHeight() && image.width() == preprocessing.cropWidth();
    if (preprocessing.resize() == 0 && !fits) {
      others.put(item, image.height() + "x" + image.width());
    }
    return image;
  }

  @Override
  public int size() {
    return dataset.size();
  }

  @Override
  public List<String> classNames() {
    return dataset.classNames();
  }

  @Override
  public int label(int item) {
    return dataset.label(item);
  }

  @Override
  public String name(int item) {
    return dataset.name(item);
  }
}
