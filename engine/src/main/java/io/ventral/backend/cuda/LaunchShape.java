package io.ventral.backend.cuda;

/**
 * How a kernel is launched: blocks in three axes, threads a block, dynamic shared memory in bytes.
 */
record LaunchShape(int x, int y, int z, int threads, int sharedBytes) {
  @Override
  public String toString() {
    return x + "×" + y + "×" + z + " blocks of " + threads + " threads";
  }
}
