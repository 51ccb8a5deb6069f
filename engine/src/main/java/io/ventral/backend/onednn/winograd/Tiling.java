package io.ventral.backend.onednn.winograd;

/**
 * Tiles in their order, some at a time.
 *
 * @param atOnce as many, but for the last time
 */
record Tiling(int tiles, int atOnce) {
  /** Returns how many there are the first time. */
  int first() {
    return Math.min(tiles, atOnce);
  }

  /** Returns how many come last. */
  int last() {
    return tiles - (Math.ceilDiv(tiles, atOnce) - 1) * atOnce;
  }

  /** Returns how many there are from tile {@code begin} on. */
  int count(int begin) {
    return Math.min(atOnce, tiles - begin);
  }
}
