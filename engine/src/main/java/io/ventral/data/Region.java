package io.ventral.data;

import io.ventral.error.EngineException;

/** A rectangle of an image, in pixels. */
public record Region(int top, int left, int height, int width) {
  public Region {
    if (top < 0 || left < 0 || height < 1 || width < 1) {
      throw EngineException.internal(
          "region of %dx%d at row %d, column %d".formatted(height, width, top, left));
    }
  }

  /** Returns all of {@code image}. */
  public static Region whole(RawImage image) {
    return new Region(0, 0, image.height(), image.width());
  }
}
