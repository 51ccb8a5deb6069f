package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bar of training and the lines between, as one terminal shows both. */
class TrainOutputTest {
  private static final Messages MESSAGES = new Messages(false, false);
  private static final String CLEAR = "\r\u001b[K";

  /** Returns what stdout and stderr print together. */
  private static String printed(Runnable program) {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      program.run();
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void steps(StepBar bar) {
    try (TrainOutput output = new TrainOutput(OutputFormat.TEXT, MESSAGES, bar)) {
      output.step(1, 2, 3, 30);
      output.note("a line");
      output.note("another");
      output.step(2, 2, 15, 30);
    }
  }

  @Test
  void theBarIsRemovedBeforeALineAndAtTheEnd() {
    String first = CLEAR + "epoch 1/2 step [" + "#".repeat(3) + " ".repeat(27) + "] 3/30";
    String second = CLEAR + "epoch 2/2 step [" + "#".repeat(15) + " ".repeat(15) + "] 15/30";
    assertEquals(
        first + CLEAR + "a line\nanother\n" + second + CLEAR,
        printed(() -> steps(new StepBar(true))));
  }

  @Test
  void withoutATerminalThereIsNone() {
    assertEquals("a line\nanother\n", printed(() -> steps(new StepBar(false))));
  }

  @Test
  void aBarMeasuresWhatWasDoneSinceItBegan() {
    String text =
        printed(
            () -> {
              try (Progress bar = new Progress("images", 10, 40, true)) {
                bar.advance(10);
              }
            });
    assertTrue(text.matches("(?s).*20/40 [\\d.]+/s, \\d+ s to go" + Pattern.quote(CLEAR)), text);
    assertFalse(text.contains("Infinity"), text);
  }
}
