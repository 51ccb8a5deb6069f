package io.ventral.data;

/**
 * Which part of an image the network sees: {@code source} is resized to {@code height} x {@code
 * width}, then a window of the network's input size is taken from it, then perhaps mirrored.
 *
 * @param top row of the resized part where the window begins; negative: rows of zeros in front
 * @param left the same for columns
 * @param mirror whether left and right change places
 */
record Framing(Region source, int height, int width, int top, int left, boolean mirror) {
  /** Returns the same window moved by rows and columns; what it uncovers is zero. */
  Framing shifted(int rows, int columns) {
    return new Framing(source, height, width, top + rows, left + columns, mirror);
  }
}
