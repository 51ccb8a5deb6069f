package io.ventral.testdata;

/** An overview of the digits for the eye: a row for each digit, magnified. */
final class ContactSheet {
  private static final int COLUMNS = 20;
  private static final int SCALE = 2;
  private static final int TILE = DigitsGenerator.SIDE * SCALE;

  /** The sheet's width in pixels. */
  static final int WIDTH = COLUMNS * TILE;

  private ContactSheet() {}

  /** The sheet's pixels, row by row: the first training pictures of each digit. */
  static byte[] pixels() {
    byte[] sheet = new byte[WIDTH * DigitsGenerator.CLASSES * TILE];
    for (int digit = 0; digit < DigitsGenerator.CLASSES; digit++) {
      for (int column = 0; column < COLUMNS; column++) {
        byte[] tile = DigitsGenerator.pixels(DigitsGenerator.Split.TRAIN, digit, column);
        for (int y = 0; y < TILE; y++) {
          for (int x = 0; x < TILE; x++) {
            sheet[(digit * TILE + y) * WIDTH + column * TILE + x] =
                tile[y / SCALE * DigitsGenerator.SIDE + x / SCALE];
          }
        }
      }
    }
    return sheet;
  }
}
