package io.ventral.tensor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
  @Test
  void refusesMoreThanTheMachineHasWithBothFigures() {
    EngineException refused =
        assertThrows(EngineException.class, () -> HostMemory.require("activations", 1L << 50));
    assertEquals(ErrorKind.RESOURCE, refused.kind());
    assertTrue(
        refused
            .getMessage()
            .matches("1,073,741,824 MiB for activations, but the machine has [\\d,]+ MiB left; .*"),
        refused.getMessage());
  }

  @Test
  void tensorIsRefusedBeforeItIsTouched() {
    TensorType huge = TensorType.of(DType.FLOAT32, 1 << 20, 1 << 20);
    assertEquals(
        ErrorKind.RESOURCE,
        assertThrows(EngineException.class, () -> HostTensor.zeros(huge)).kind());
  }

  @Test
  void whatFitsIsGranted() {
    assertDoesNotThrow(() -> HostMemory.require("activations", 65L << 20));
  }
}
