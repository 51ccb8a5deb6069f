package io.ventral.run;

import io.ventral.backend.cuda.CudaOptions;

/**
 * How devices are opened.
 *
 * @param threads compute threads of each device that runs on the processor
 * @param cuda what is chosen about GPUs
 */
public record DeviceOptions(int threads, CudaOptions cuda) {
  /** Returns the usual choices with so many threads. */
  public static DeviceOptions of(int threads) {
    return new DeviceOptions(threads, CudaOptions.usual());
  }
}
