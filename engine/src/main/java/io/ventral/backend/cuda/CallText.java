package io.ventral.backend.cuda;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a call reads in an error. */
final class CallText {
  private CallText() {}

  /** Returns for example {@code cuMemAlloc(1,024)}. */
  static String of(String call, Object... arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument instanceof Long n ? "%,d".formatted(n) : argument.toString())
        .collect(Collectors.joining(", ", call + "(", ")"));
  }
}
