package io.ventral.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A bar that grows on stderr, where that is a terminal; elsewhere nothing. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final double NANOS = 1e9;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final String what;
  private final long total;
  private final boolean visible;
  private final long first;
  private final long begin = System.nanoTime();
  private long done;
  private long drawn = begin - REDRAW_NANOS;
  private boolean onScreen;

  /** Begins with {@code done} of {@code total} things called {@code what}; shows nothing yet. */
  Progress(String what, long done, long total, boolean visible) {
    this.what = what;
    this.first = done;
    this.done = done;
    this.total = total;
    this.visible = visible;
  }

  /** Returns a bar for {@code total} things called {@code what}, such as images. */
  static Progress of(String what, long total, Messages messages) {
    return new Progress(what, 0, total, canShow(messages));
  }

  /** Returns whether there is somebody to look at a bar. */
  static boolean canShow(Messages messages) {
    return !messages.quiet() && isTerminal();
  }

  /** Says that {@code count} more are done. */
  void advance(long count) {
    moveTo(done + count);
  }

  /** Says that {@code count} are done in all. */
  void moveTo(long count) {
    done = count;
    long now = System.nanoTime();
    if (visible && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      onScreen = true;
      System.err.print(CLEAR_LINE + line((now - begin) / NANOS));
    }
  }

  private String line(double seconds) {
    int filled = (int) (WIDTH * done / Math.max(1, total));
    String bar =
        "%s [%s%s] %d/%d"
            .formatted(what, "#".repeat(filled), " ".repeat(WIDTH - filled), done, total);
    double perSecond = (done - first) / seconds;
    return done == first
        ? bar
        : String.format(
            Locale.ROOT, "%s %.1f/s, %.0f s to go", bar, perSecond, (total - done) / perSecond);
  }

  /** Removes the bar, until there is more to show: to be called before a line is printed. */
  void clear() {
    if (onScreen) {
      onScreen = false;
      System.err.print(CLEAR_LINE);
    }
  }

  /** Removes the bar. */
  @Override
  public void close() {
    clear();
  }

  /** Java itself tells only about stdin and stdout together. */
  private static boolean isTerminal() {
    try {
      Path stderr = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
      return stderr.startsWith("/dev/pts") || stderr.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console().isTerminal();
    }
  }
}
