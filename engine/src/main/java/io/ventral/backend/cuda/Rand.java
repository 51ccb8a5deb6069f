package io.ventral.backend.cuda;

import static jcuda.jcurand.curandRngType.CURAND_RNG_PSEUDO_PHILOX4_32_10;

import io.ventral.error.EngineException;
import jcuda.Pointer;
import jcuda.jcurand.JCurand;
import jcuda.jcurand.curandGenerator;
import jcuda.jcurand.curandStatus;

/**
 * CuRAND, for numbers that nobody looks at; the only class that calls it. Every call fails with
 * DEVICE, naming the call, its arguments and the name of the status (the library itself has no
 * texts).
 *
 * @param who the device, named in errors
 */
record Rand(String who) {
  /** What is called, by the names in the library. */
  static final String SYMBOLS =
      """
      curandGetVersion curandCreateGenerator curandDestroyGenerator curandSetStream
      curandSetPseudoRandomGeneratorSeed curandGenerateUniform
      """;

  Rand {
    JCurand.setExceptionsEnabled(false);
  }

  /** Returns for example 10.3.7. */
  String version() {
    int[] version = new int[1];
    check(JCurand.curandGetVersion(version), "curandGetVersion");
    return version[0] / 1000 + "." + version[0] / 100 % 10 + "." + version[0] % 100;
  }

  /** Fills {@code count} float32 at {@code address} with numbers in (0, 1]. */
  void uniform(long address, long count, long seed, Driver.Stream stream) {
    curandGenerator generator = new curandGenerator();
    check(
        JCurand.curandCreateGenerator(generator, CURAND_RNG_PSEUDO_PHILOX4_32_10),
        "curandCreateGenerator",
        "Philox4x32-10");
    try {
      check(JCurand.curandSetStream(generator, stream.forLibraries()), "curandSetStream");
      check(
          JCurand.curandSetPseudoRandomGeneratorSeed(generator, seed),
          "curandSetPseudoRandomGeneratorSeed",
          seed);
      check(
          JCurand.curandGenerateUniform(generator, new Pointer().withByteOffset(address), count),
          "curandGenerateUniform",
          count);
    } finally {
      check(JCurand.curandDestroyGenerator(generator), "curandDestroyGenerator");
    }
  }

  private void check(int status, String call, Object... arguments) {
    if (status != curandStatus.CURAND_STATUS_SUCCESS) {
      throw EngineException.device(
          "%s: %s: %s"
              .formatted(who, CallText.of(call, arguments), curandStatus.stringFor(status)));
    }
  }
}
