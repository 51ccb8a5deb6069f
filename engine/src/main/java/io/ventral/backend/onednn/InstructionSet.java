package io.ventral.backend.onednn;

import java.util.Arrays;

/** Instruction sets as oneDNN tells them apart; each code holds the bits of those it contains. */
enum InstructionSet {
  GENERIC(0),
  SSE41(0x1),
  AVX(0x3),
  AVX2(0x7),
  AVX512_CORE(0x27),
  AVX512_CORE_BF16(0xe7),
  AVX512_CORE_FP16(0x1ef),
  AVX512_CORE_AMX(0xfef);

  private final int code;

  InstructionSet(int code) {
    this.code = code;
  }

  /** Returns the largest set here that is contained in the one of that code. */
  static InstructionSet of(int code) {
    return Arrays.stream(values())
        .filter(set -> (code & set.code) == set.code)
        .reduce((smaller, larger) -> larger)
        .orElse(GENERIC);
  }
}
