// Random numbers as a pure function of (seed, purpose, step, element): Philox4x32-10 (Salmon, Moraes, Dror, Shaw:
// Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011), with the counters and key of io.ventral.tensor.Philox.
#pragma once
#include "common.cuh"

// The bits of elements 4·block … 4·block + 3.
struct Philox {
  unsigned int word[4];

  DEVICE Philox(unsigned long long seed, unsigned int purpose, unsigned int step, unsigned long long block) {
    unsigned int counter[4] = {(unsigned int)block, (unsigned int)(block >> 32), step, purpose};
    unsigned int key0 = (unsigned int)seed;
    unsigned int key1 = (unsigned int)(seed >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
      unsigned long long product0 = 0xD2511F53ULL * counter[0];
      unsigned long long product1 = 0xCD9E8D57ULL * counter[2];
      counter[0] = (unsigned int)(product1 >> 32) ^ counter[1] ^ key0;
      counter[1] = (unsigned int)product1;
      counter[2] = (unsigned int)(product0 >> 32) ^ counter[3] ^ key1;
      counter[3] = (unsigned int)product0;
      key0 += 0x9E3779B9U;
      key1 += 0xBB67AE85U;
    }
#pragma unroll
    for (int i = 0; i < 4; i++) word[i] = counter[i];
  }
};
