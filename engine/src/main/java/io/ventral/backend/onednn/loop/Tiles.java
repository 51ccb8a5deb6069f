package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Arrays of each thread, small enough to stay in its first cache, through which a loop takes native
 * memory piece by piece: a loop over arrays is compiled to vector instructions, one over native
 * memory is not.
 */
public final class Tiles {
  /** Numbers in one array. */
  public static final int SIZE = 2048;

  private final float[][][] arrays;

  /** Returns so many arrays for each thread. */
  public Tiles(int threads, int count) {
    arrays = new float[threads][count][SIZE];
  }

  /** Returns the arrays of one thread. */
  public float[][] of(int thread) {
    return arrays[thread];
  }

  /** Fills the front of {@code tile} with {@code count} numbers from number {@code first} on. */
  public static void read(MemorySegment source, long first, float[] tile, int count) {
    read(source, first, tile, 0, count);
  }

  /** Fills {@code tile} from {@code at} on with {@code count} numbers from {@code first} on. */
  public static void read(MemorySegment source, long first, float[] tile, int at, int count) {
    MemorySegment.copy(source, JAVA_FLOAT, first * Float.BYTES, tile, at, count);
  }

  /** Stores the first {@code count} numbers of {@code tile} from number {@code first} on. */
  public static void write(float[] tile, MemorySegment target, long first, int count) {
    write(tile, 0, target, first, count);
  }

  /** Stores {@code count} numbers of {@code tile}, from {@code at} on, from {@code first} on. */
  public static void write(float[] tile, int at, MemorySegment target, long first, int count) {
    MemorySegment.copy(tile, at, target, JAVA_FLOAT, first * Float.BYTES, count);
  }
}
