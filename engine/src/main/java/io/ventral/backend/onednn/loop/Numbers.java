package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ventral.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Numbers in native memory that a loop takes as floats, whichever of two formats they have. */
public final class Numbers {
  /** Numbers of 32 bits in a register of AVX-512: fewer channels leave a part of it empty. */
  public static final int REGISTER = 16;

  /**
   * Added before the lower half of a float is cut off, with its last kept bit: to nearest, even.
   */
  private static final int HALF = 0x7FFF;

  private final DType dtype;
  private final short[][] halves;

  /**
   * Returns numbers for as many threads.
   *
   * @param dtype FLOAT32 or BFLOAT16
   */
  public Numbers(DType dtype, int threads) {
    this.dtype = dtype;
    this.halves = new short[dtype == DType.BFLOAT16 ? threads : 0][Tiles.SIZE];
  }

  /** Returns whether loops can take numbers of that format. */
  public static boolean has(DType dtype) {
    return dtype == DType.FLOAT32 || dtype == DType.BFLOAT16;
  }

  /** Returns how many numbers lie in {@code memory}. */
  long count(MemorySegment memory) {
    return memory.byteSize() / dtype.bytes();
  }

  /** Fills {@code tile} from {@code at} on with {@code count} numbers from {@code first} on. */
  void read(int thread, MemorySegment source, long first, float[] tile, int at, int count) {
    if (dtype == DType.FLOAT32) {
      Tiles.read(source, first, tile, at, count);
      return;
    }
    short[] own = halves[thread];
    for (int done = 0; done < count; done += own.length) {
      int some = Math.min(own.length, count - done);
      MemorySegment.copy(source, JAVA_SHORT, (first + done) * Short.BYTES, own, 0, some);
      widen(own, tile, at + done, some);
    }
  }

  /** Stores {@code count} numbers of {@code tile}, from {@code at} on, from {@code first} on. */
  void write(int thread, float[] tile, int at, MemorySegment target, long first, int count) {
    if (dtype == DType.FLOAT32) {
      Tiles.write(tile, at, target, first, count);
      return;
    }
    short[] own = halves[thread];
    for (int done = 0; done < count; done += own.length) {
      int some = Math.min(own.length, count - done);
      round(tile, at + done, own, some);
      MemorySegment.copy(own, 0, target, JAVA_SHORT, (first + done) * Short.BYTES, some);
    }
  }

  private static void widen(short[] from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.intBitsToFloat(from[i] << Short.SIZE);
    }
  }

  /** NaNs stay NaNs if their lower half is zero, as that of all is that arise from 16 bits. */
  private static void round(float[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(from[at + i]);
      to[i] = (short) ((bits + HALF + (bits >>> Short.SIZE & 1)) >>> Short.SIZE);
    }
  }
}
