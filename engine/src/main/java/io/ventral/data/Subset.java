package io.ventral.data;

import java.util.List;
import java.util.stream.IntStream;

/** Some items of another data set, renumbered from 0. */
final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] items;

  Subset(Dataset whole, int[] items) {
    this.whole = whole;
    this.items = items.clone();
  }

  /**
   * Returns at most {@code limit} items, evenly spaced, so that every class keeps its share of a
   * list sorted by class; 0 means all.
   */
  static Dataset evenlySpaced(Dataset whole, int limit) {
    if (limit == 0 || limit >= whole.size()) {
      return whole;
    }
    long size = whole.size();
    int[] items = IntStream.range(0, limit).map(i -> (int) (i * size / limit)).toArray();
    return new Subset(whole, items);
  }

  @Override
  public int size() {
    return items.length;
  }

  @Override
  public List<String> classNames() {
    return whole.classNames();
  }

  @Override
  public int label(int item) {
    return whole.label(items[item]);
  }

  @Override
  public String name(int item) {
    return whole.name(items[item]);
  }

  @Override
  public RawImage image(int item) {
    return whole.image(items[item]);
  }
}
