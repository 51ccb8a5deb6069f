package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Batches of a data set, decoded ahead on threads of its own. Which images a batch holds and what
 * is random about them depends on the options alone, not on the number of threads.
 *
 * <p>The batches lie in a ring of {@code queueDepth + 2} places that are used again and again: a
 * batch is valid until the call of {@link #next} after the next, or until {@link #close}.
 */
public final class BatchLoader implements AutoCloseable {
  private final Sampler sampler;
  private final BatchPlan plan;
  private final BatchRange range;
  private final long total;
  private final BatchSlot[] slots;
  private final DecoderThreads workers;

  /** Guards everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition placeFree = lock.newCondition();
  private final Condition batchReady = lock.newCondition();
  private final BadImageLedger ledger;
  private Optional<EngineException> failure = Optional.empty();
  private boolean closed;
  private int orderEpoch = -1;
  private int[] order = {};

  /**
   * Batches, counted from the loader's first: handed to the decoders, to the caller, given back.
   */
  private long issued;

  private long taken;
  private long released;

  /** Samples of batch {@link #issued} handed to the decoders. */
  private int issuedSamples;

  private BatchLoader(Dataset dataset, Sampler sampler, LoaderOptions options, BatchRange range) {
    this.sampler = sampler;
    this.plan = new BatchPlan(sampler.size(), options.batchSize());
    this.range = range;
    this.total = range.count(plan.batches());
    this.slots =
        IntStream.range(0, options.queueDepth() + 2)
            .mapToObj(i -> new BatchSlot(dataset, options))
            .toArray(BatchSlot[]::new);
    this.ledger = new BadImageLedger(dataset.size());
    this.workers = new DecoderThreads(options.workers(), this::work);
  }

  /** Returns a loader of the batches in {@code range}, already at work. */
  public static BatchLoader start(
      Dataset dataset, Sampler sampler, LoaderOptions options, BatchRange range) {
    if (sampler.size() != dataset.size()) {
      throw EngineException.internal(
          "a sampler of " + sampler.size() + " items for a data set of " + dataset.size());
    }
    BatchLoader loader = new BatchLoader(dataset, sampler, options, range);
    loader.workers.start();
    return loader;
  }

  /** Returns the plan of an epoch. */
  public BatchPlan plan() {
    return plan;
  }

  /** Returns whether the range holds another batch. */
  public boolean hasNext() {
    lock.lock();
    try {
      return taken < total;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the next batch, waiting for it if need be.
   *
   * @throws EngineException what went wrong with an image of it, as the options say; INTERNAL if
   *     the loader is closed or at its end
   */
  public Batch next() {
    lock.lock();
    try {
      if (taken >= total) {
        throw EngineException.internal("no batch after the last");
      }
      released = Math.max(0, taken - 1);
      placeFree.signalAll();
      BatchSlot slot = slot(taken);
      while (!closed && failure.isEmpty() && !slot.holds(taken)) {
        batchReady.awaitUninterruptibly();
      }
      if (closed) {
        throw EngineException.internal("the loader is closed");
      }
      throwFailure();
      ledger.add(slot.skipped());
      taken++;
      return slot.batch();
    } catch (EngineException e) {
      failure = failure.or(() -> Optional.of(e));
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the images skipped so far in the batches that {@link #next} returned, each once. */
  public List<BadImage> badImages() {
    lock.lock();
    try {
      return ledger.images();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the decoding threads and frees the batches. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      placeFree.signalAll();
      batchReady.signalAll();
    } finally {
      lock.unlock();
    }
    if (workers.stop()) {
      List.of(slots).forEach(BatchSlot::close);
    }
    // A thread that hangs on a dead disk still holds its batch: that memory is left to it.
  }

  private record Sample(BatchSlot slot, int index) {}

  private void work() {
    try {
      for (var sample = take(); sample.isPresent(); sample = take()) {
        sample.get().slot().fill(sample.get().index());
        finish(sample.get().slot());
      }
    } catch (EngineException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new EngineException(ErrorKind.INTERNAL, "decoding thread: " + e, e));
    }
  }

  /** Returns the next sample to make, waiting for a free place; nothing when there is no more. */
  private Optional<Sample> take() {
    lock.lock();
    try {
      while (!closed && issued < total && issued - released >= slots.length) {
        placeFree.awaitUninterruptibly();
      }
      if (closed || issued == total || failure.isPresent()) {
        return Optional.empty();
      }
      BatchSlot slot = slot(issued);
      if (issuedSamples == 0) {
        begin(slot);
      }
      Sample sample = new Sample(slot, issuedSamples);
      issuedSamples++;
      if (issuedSamples == slot.count()) {
        issued++;
        issuedSamples = 0;
      }
      return Optional.of(sample);
    } finally {
      lock.unlock();
    }
  }

  private void begin(BatchSlot slot) {
    long batches = plan.batches();
    int epoch = range.epoch() + (int) ((range.batch() + issued) / batches);
    int batch = (int) ((range.batch() + issued) % batches);
    if (epoch != orderEpoch) {
      order = sampler.order(epoch);
      orderEpoch = epoch;
    }
    slot.begin(issued, epoch, batch, plan.items(order, batch));
  }

  private void finish(BatchSlot slot) {
    lock.lock();
    try {
      if (slot.finish()) {
        batchReady.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void fail(EngineException problem) {
    lock.lock();
    try {
      failure = failure.or(() -> Optional.of(problem));
      batchReady.signalAll();
      placeFree.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void throwFailure() {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private BatchSlot slot(long batch) {
    return slots[(int) (batch % slots.length)];
  }
}
