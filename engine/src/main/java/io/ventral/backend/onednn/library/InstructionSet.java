package io.ventral.backend.onednn.library;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import java.util.Arrays;
import java.util.Locale;

/** Instruction sets as oneDNN tells them apart; each code holds the bits of those it contains. */
public enum InstructionSet {
  GENERIC(0),
  SSE41(0x1),
  AVX(0x3),
  AVX2(0x7),
  AVX2_VNNI(0xf),
  AVX2_VNNI_2(0x1f),
  AVX512_CORE(0x27),
  AVX512_CORE_VNNI(0x67),
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

  /** Returns the name in oneDNN's words, such as {@code avx512_core_bf16}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether numbers are converted to and from BFLOAT16 by instructions of their own. */
  public boolean hasBfloat16() {
    return this == AVX2_VNNI_2 || (code & AVX512_CORE_BF16.code) == AVX512_CORE_BF16.code;
  }

  /**
   * Checks that values of a format can be computed with.
   *
   * @throws EngineException UNSUPPORTED for BFLOAT16 where its instructions are missing
   */
  public void require(DType dtype) {
    if (dtype == DType.BFLOAT16 && !hasBfloat16()) {
      throw EngineException.unsupported(
          "bfloat16 needs a processor with AVX512-BF16, AMX-BF16 or AVX-NE-CONVERT; this one has %s; use float32"
              .formatted(word()));
    }
  }
}
