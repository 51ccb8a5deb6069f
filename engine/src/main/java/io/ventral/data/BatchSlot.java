package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One place of a loader's ring: the memory of a batch and what is known of the batch being made in
 * it. {@link #fill} runs on the decoding threads, one sample each; all else under the loader's
 * lock.
 */
final class BatchSlot implements AutoCloseable {
  private final Dataset dataset;
  private final LoaderOptions options;
  private final SampleWriter writer;
  private final BatchTensors full;
  private Optional<BatchTensors> partial = Optional.empty();

  private BatchTensors tensors;
  private long number = -1;
  private int epoch;
  private int index;
  private int[] items = {};
  private int remaining;
  private EngineException[] problems = {};

  BatchSlot(Dataset dataset, LoaderOptions options) {
    this.dataset = dataset;
    this.options = options;
    this.writer = new SampleWriter(options.preprocessing());
    this.full = BatchTensors.allocate(options.batchSize(), options);
    this.tensors = full;
  }

  /** Prepares for batch {@code index} of {@code epoch}, the loader's {@code number}-th batch. */
  void begin(long newNumber, int newEpoch, int newIndex, int[] newItems) {
    tensors =
        options.padLast() || newItems.length == options.batchSize()
            ? full
            : partial(newItems.length);
    number = newNumber;
    epoch = newEpoch;
    index = newIndex;
    items = newItems;
    remaining = items.length;
    problems = new EngineException[items.length];
    for (int i = items.length; i < tensors.samples(); i++) {
      tensors.blank(i, 0);
    }
  }

  int count() {
    return items.length;
  }

  /** Makes sample {@code i}; what goes wrong is kept, not thrown. */
  void fill(int i) {
    int item = items[i];
    try {
      write(i, dataset.image(item));
      tensors.accept(i, dataset.label(item));
    } catch (EngineException e) {
      reject(i, e);
    } catch (OutOfMemoryError e) {
      reject(i, problem(ErrorKind.RESOURCE, item, e));
    } catch (RuntimeException | Error e) {
      reject(i, problem(ErrorKind.INTERNAL, item, e));
    }
  }

  /** Notes that a sample is made; returns whether it was the last. */
  boolean finish() {
    remaining--;
    return remaining == 0;
  }

  /** Returns whether batch {@code wanted} lies here, whole. */
  boolean holds(long wanted) {
    return number == wanted && remaining == 0;
  }

  Batch batch() {
    return new Batch(epoch, index, tensors.input(), tensors.labels(), tensors.weights(), items);
  }

  /**
   * Returns the images to be skipped.
   *
   * @throws EngineException the first problem in the batch's order that is not to be skipped
   */
  List<BadImage> skipped() {
    List<BadImage> skipped = new ArrayList<>();
    for (int i = 0; i < problems.length; i++) {
      EngineException problem = problems[i];
      if (problem == null) {
        continue;
      }
      if (options.badImages() == BadImages.FAIL || problem.kind() != ErrorKind.DATA) {
        throw problem;
      }
      skipped.add(new BadImage(items[i], dataset.name(items[i]), problem.getMessage()));
    }
    return skipped;
  }

  @Override
  public void close() {
    full.close();
    partial.ifPresent(BatchTensors::close);
  }

  private void write(int i, RawImage image) {
    try {
      Philox philox = new Philox(options.seed());
      Draws draws = new Draws(philox, epoch, (long) index * options.batchSize() + i);
      Framing framing = options.augmentation().frame(options.preprocessing(), image, draws);
      writer.write(image, framing, tensors.input(), i);
    } catch (EngineException e) {
      throw e.in(dataset.name(items[i]));
    }
  }

  private void reject(int i, EngineException problem) {
    problems[i] = problem;
    tensors.blank(i, dataset.label(items[i]));
  }

  private EngineException problem(ErrorKind kind, int item, Throwable cause) {
    return new EngineException(kind, dataset.name(item) + ": " + cause, cause);
  }

  private BatchTensors partial(int samples) {
    // The partial batch of every epoch has the same size.
    BatchTensors found = partial.orElseGet(() -> BatchTensors.allocate(samples, options));
    partial = Optional.of(found);
    return found;
  }
}
