package io.ventral.data;

/**
 * A random part of an image, resized to the network's input, mirrored half of the time:
 * torchvision's RandomResizedCrop and RandomHorizontalFlip, going back to Szegedy et al., Going
 * Deeper with Convolutions (2015), section 6.
 */
final class RandomCrop {
  private static final double MIN_AREA = 0.08;
  private static final double MIN_ASPECT = 3.0 / 4;
  private static final double MAX_ASPECT = 4.0 / 3;
  private static final int TRIES = 10;
  private static final int DRAWS_PER_TRY = 4;
  private static final int MIRROR_DRAW = TRIES * DRAWS_PER_TRY;

  private RandomCrop() {}

  static Framing frame(Preprocessing preprocessing, RawImage image, Draws draws) {
    return new Framing(
        region(image, draws),
        preprocessing.cropHeight(),
        preprocessing.cropWidth(),
        0,
        0,
        draws.uniform(MIRROR_DRAW, 0, 1) < 0.5);
  }

  /** Returns the part of the image; if no try fits into it, the centre at the nearest aspect. */
  private static Region region(RawImage image, Draws draws) {
    double area = (double) image.height() * image.width();
    for (int draw = 0; draw < MIRROR_DRAW; draw += DRAWS_PER_TRY) {
      double part = area * draws.uniform(draw, MIN_AREA, 1);
      double aspect =
          StrictMath.exp(
              draws.uniform(draw + 1, StrictMath.log(MIN_ASPECT), StrictMath.log(MAX_ASPECT)));
      int width = (int) Math.rint(Math.sqrt(part * aspect));
      int height = (int) Math.rint(Math.sqrt(part / aspect));
      if (width > 0 && width <= image.width() && height > 0 && height <= image.height()) {
        int top = draws.below(draw + 2, image.height() - height + 1);
        int left = draws.below(draw + 3, image.width() - width + 1);
        return new Region(top, left, height, width);
      }
    }
    return centre(image);
  }

  private static Region centre(RawImage image) {
    int height = image.height();
    int width = image.width();
    double aspect = (double) width / height;
    if (aspect < MIN_ASPECT) {
      height = (int) Math.rint(width / MIN_ASPECT);
    } else if (aspect > MAX_ASPECT) {
      width = (int) Math.rint(height * MAX_ASPECT);
    }
    return new Region((image.height() - height) / 2, (image.width() - width) / 2, height, width);
  }
}
