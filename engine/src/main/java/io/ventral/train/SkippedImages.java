package io.ventral.train;

import io.ventral.data.BadImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Notes every image that is left out, once. */
final class SkippedImages implements EvaluationListener {
  private final TrainingListener listener;
  private final Set<Integer> validation = new HashSet<>();
  private int training;

  SkippedImages(TrainingListener listener) {
    this.listener = listener;
  }

  /** Takes all training images skipped since the run began. */
  void training(List<BadImage> images) {
    images.subList(training, images.size()).forEach(this::note);
    training = images.size();
  }

  @Override
  public void image(ImageResult result) {}

  /** The same validation images are skipped every epoch. */
  @Override
  public void skipped(BadImage image) {
    if (validation.add(image.item())) {
      note(image);
    }
  }

  private void note(BadImage image) {
    listener.note("skipped " + image.name() + ": " + image.reason());
  }
}
