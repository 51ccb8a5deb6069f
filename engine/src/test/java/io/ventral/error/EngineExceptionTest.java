package io.ventral.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EngineExceptionTest {
  @Test
  void everyKindHasItsDocumentedExitCode() {
    Map<ErrorKind, Integer> codes =
        Arrays.stream(ErrorKind.values()).collect(Collectors.toMap(k -> k, ErrorKind::exitCode));
    assertEquals(
        Map.of(
            ErrorKind.USER, 2,
            ErrorKind.UNSUPPORTED, 3,
            ErrorKind.RESOURCE, 4,
            ErrorKind.DEVICE, 5,
            ErrorKind.DATA, 6,
            ErrorKind.NON_FINITE, 7,
            ErrorKind.INTERNAL, 70),
        codes);
  }

  @Test
  void everyFactoryMakesItsKind() {
    List<EngineException> made =
        List.of(
            EngineException.user("x"),
            EngineException.unsupported("x"),
            EngineException.resource("x"),
            EngineException.device("x"),
            EngineException.data("x"),
            EngineException.nonFinite("x"),
            EngineException.internal("x"));
    assertEquals(List.of(ErrorKind.values()), made.stream().map(EngineException::kind).toList());
  }

  @Test
  void contextComesFirstAndKeepsKindAndCause() {
    EngineException inner = EngineException.data("truncated");
    EngineException outer = inner.in("weights.bin");
    assertEquals("weights.bin: truncated", outer.getMessage());
    assertEquals(ErrorKind.DATA, outer.kind());
    assertSame(inner, outer.getCause());
  }
}
