package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images skipped so far, each once, in the order of the batches. */
final class BadImageLedger {
  private static final int MAX_PERCENT = 10;

  private final int datasetSize;
  private final Map<Integer, BadImage> images = new LinkedHashMap<>();

  BadImageLedger(int datasetSize) {
    this.datasetSize = datasetSize;
  }

  List<BadImage> images() {
    return List.copyOf(images.values());
  }

  /**
   * Enters images.
   *
   * @throws EngineException DATA if more than 10 % of the data set are bad by now
   */
  void add(List<BadImage> found) {
    found.forEach(image -> images.putIfAbsent(image.item(), image));
    if (images.size() * 100L > (long) MAX_PERCENT * datasetSize) {
      throw EngineException.data(
          "%d of %d images are bad, more than %d %%; the first: %s"
              .formatted(
                  images.size(),
                  datasetSize,
                  MAX_PERCENT,
                  images.values().iterator().next().reason()));
    }
  }
}
