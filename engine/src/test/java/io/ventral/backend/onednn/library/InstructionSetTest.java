package io.ventral.backend.onednn.library;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {
  @ParameterizedTest
  @CsvSource({
    "0x0, GENERIC, false",
    "0x7, AVX2, false",
    "0xf, AVX2_VNNI, false",
    "0x1f, AVX2_VNNI_2, true",
    "0x27, AVX512_CORE, false",
    "0x67, AVX512_CORE_VNNI, false",
    "0xe7, AVX512_CORE_BF16, true",
    "0x1ef, AVX512_CORE_FP16, true",
    "0xfef, AVX512_CORE_AMX, true",
    "0x1fef, AVX512_CORE_AMX, true"
  })
  void codesOfOneDnnAreRead(String code, InstructionSet expected, boolean bfloat16) {
    InstructionSet found = InstructionSet.of(Integer.decode(code));
    assertEquals(expected, found);
    assertEquals(bfloat16, found.hasBfloat16());
  }

  @ParameterizedTest
  @CsvSource({"AVX2, avx2", "AVX512_CORE, avx512_core"})
  void bfloat16IsRefusedWithoutItsInstructions(InstructionSet set, String word) {
    assertDoesNotThrow(() -> set.require(DType.FLOAT32));
    EngineException refused =
        assertThrows(EngineException.class, () -> set.require(DType.BFLOAT16));
    assertEquals(ErrorKind.UNSUPPORTED, refused.kind());
    assertTrue(refused.getMessage().contains("this one has " + word), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"AVX2_VNNI_2", "AVX512_CORE_BF16", "AVX512_CORE_AMX"})
  void bfloat16IsTakenWithThem(InstructionSet set) {
    assertDoesNotThrow(() -> set.require(DType.BFLOAT16));
  }
}
