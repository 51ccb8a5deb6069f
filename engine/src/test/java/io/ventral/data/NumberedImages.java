package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.List;
import java.util.Set;

/** Images of 4x4 whose pixels count up from their item number; some are bad. */
record NumberedImages(int size, Set<Integer> bad) implements Dataset {
  @Override
  public List<String> classNames() {
    return List.of("even", "odd");
  }

  @Override
  public int label(int item) {
    return item % 2;
  }

  @Override
  public String name(int item) {
    return "item" + item;
  }

  @Override
  public RawImage image(int item) {
    if (bad.contains(item)) {
      throw EngineException.data("item" + item + ": damaged");
    }
    byte[] pixels = new byte[16];
    for (int i = 0; i < 16; i++) {
      pixels[i] = (byte) (item + i);
    }
    return new RawImage(pixels, 4, 4, 1);
  }
}
