package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.tensor.Philox;
import java.util.stream.IntStream;

/** The order in which the items of a data set come in an epoch. */
public sealed interface Sampler {
  int size();

  /** Returns the items of epoch {@code epoch}, counted from 0: each exactly once. */
  int[] order(int epoch);

  /** The items as they are numbered. */
  record Sequential(int size) implements Sampler {
    public Sequential {
      requirePositive(size);
    }

    @Override
    public int[] order(int epoch) {
      return IntStream.range(0, size).toArray();
    }
  }

  /** Another order each epoch: Fisher and Yates' shuffle, a pure function of (seed, epoch). */
  record Shuffled(int size, long seed) implements Sampler {
    private static final int PURPOSE = Philox.purpose("shuffle");

    public Shuffled {
      requirePositive(size);
    }

    @Override
    public int[] order(int epoch) {
      Philox philox = new Philox(seed);
      int[] order = IntStream.range(0, size).toArray();
      for (int i = size - 1; i > 0; i--) {
        int j = philox.below(i + 1, PURPOSE, epoch, i);
        int item = order[i];
        order[i] = order[j];
        order[j] = item;
      }
      return order;
    }
  }

  private static void requirePositive(int size) {
    if (size < 1) {
      throw EngineException.internal("a sampler of " + size + " items");
    }
  }
}
