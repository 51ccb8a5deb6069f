package io.ventral.data;

import java.util.List;

/** Images that take for ever, as on a dead disk, unless the thread is interrupted. */
record StuckImages(Dataset images) implements Dataset {
  @Override
  public int size() {
    return images.size();
  }

  @Override
  public List<String> classNames() {
    return images.classNames();
  }

  @Override
  public int label(int item) {
    return images.label(item);
  }

  @Override
  public String name(int item) {
    return images.name(item);
  }

  @Override
  public RawImage image(int item) {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return images.image(item);
  }
}
