package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;

/**
 * How a {@link BatchLoader} makes batches.
 *
 * @param batchSize images in a full batch
 * @param dtype floating format of the weights
 * @param preprocessing what makes an image the network's input
 * @param augmentation how images vary at random, driven by {@code seed}
 * @param padLast whether the last batch is filled up to full size with samples of weight 0
 * @param badImages what to do with images that cannot be read
 * @param workers number of decoding threads; results do not depend on it
 * @param queueDepth batches decoded ahead
 */
public record LoaderOptions(
    int batchSize,
    DType dtype,
    Preprocessing preprocessing,
    Augmentation augmentation,
    long seed,
    boolean padLast,
    BadImages badImages,
    int workers,
    int queueDepth) {
  private static final int DEFAULT_QUEUE_DEPTH = 2;

  public LoaderOptions {
    if (batchSize < 1 || workers < 1 || queueDepth < 1) {
      throw EngineException.user(
          "batch size %d, workers %d, queue depth %d: all must be positive"
              .formatted(batchSize, workers, queueDepth));
    }
    if (!dtype.isFloating()) {
      throw EngineException.user("weights of " + dtype.shortName() + "; floating formats fit");
    }
  }

  /** Returns options for evaluation: nothing random, all batches of one size, bad images fail. */
  public static LoaderOptions evaluation(
      int batchSize, DType dtype, Preprocessing preprocessing, int workers) {
    return new LoaderOptions(
        batchSize,
        dtype,
        preprocessing,
        Augmentation.NONE,
        0,
        true,
        BadImages.FAIL,
        workers,
        DEFAULT_QUEUE_DEPTH);
  }

  /**
   * Returns options for training: {@code augmentation} by {@code seed}, a last batch as it comes.
   */
  public static LoaderOptions training(
      int batchSize, DType dtype, Preprocessing preprocessing, int workers) {
    return evaluation(batchSize, dtype, preprocessing, workers).withPadLast(false);
  }

  public LoaderOptions withAugmentation(Augmentation other, long otherSeed) {
    return new LoaderOptions(
        batchSize, dtype, preprocessing, other, otherSeed, padLast, badImages, workers, queueDepth);
  }

  public LoaderOptions withPadLast(boolean other) {
    return new LoaderOptions(
        batchSize, dtype, preprocessing, augmentation, seed, other, badImages, workers, queueDepth);
  }

  public LoaderOptions withBadImages(BadImages other) {
    return new LoaderOptions(
        batchSize, dtype, preprocessing, augmentation, seed, padLast, other, workers, queueDepth);
  }
}
