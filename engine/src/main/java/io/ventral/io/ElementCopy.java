package io.ventral.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ventral.error.EngineException;
import java.lang.foreign.MemorySegment;

/**
 * Copies elements of {@code width} bytes, bit by bit and whatever they mean, between two segments
 * of any alignment.
 */
record ElementCopy(MemorySegment source, MemorySegment target, int width)
    implements Transposition.Run {

  @Override
  public void copy(long from, long fromStride, long to, long toStride, long count) {
    if (fromStride == 1 && toStride == 1) {
      MemorySegment.copy(source, from * width, target, to * width, count * width);
      return;
    }
    switch (width) {
      case 1 -> copyBytes(from, fromStride, to, toStride, count);
      case 2 -> copyShorts(from, fromStride, to, toStride, count);
      case 4 -> copyInts(from, fromStride, to, toStride, count);
      case 8 -> copyLongs(from, fromStride, to, toStride, count);
      default -> throw EngineException.internal("elements of " + width + " bytes");
    }
  }

  // One loop a width: the layout must be a constant for the loop to be fast.

  private void copyBytes(long from, long fromStride, long to, long toStride, long count) {
    for (long i = 0; i < count; i++) {
      target.set(JAVA_BYTE, to + i * toStride, source.get(JAVA_BYTE, from + i * fromStride));
    }
  }

  private void copyShorts(long from, long fromStride, long to, long toStride, long count) {
    for (long i = 0; i < count; i++) {
      target.setAtIndex(
          JAVA_SHORT_UNALIGNED,
          to + i * toStride,
          source.getAtIndex(JAVA_SHORT_UNALIGNED, from + i * fromStride));
    }
  }

  private void copyInts(long from, long fromStride, long to, long toStride, long count) {
    for (long i = 0; i < count; i++) {
      target.setAtIndex(
          JAVA_INT_UNALIGNED,
          to + i * toStride,
          source.getAtIndex(JAVA_INT_UNALIGNED, from + i * fromStride));
    }
  }

  private void copyLongs(long from, long fromStride, long to, long toStride, long count) {
    for (long i = 0; i < count; i++) {
      target.setAtIndex(
          JAVA_LONG_UNALIGNED,
          to + i * toStride,
          source.getAtIndex(JAVA_LONG_UNALIGNED, from + i * fromStride));
    }
  }
}
