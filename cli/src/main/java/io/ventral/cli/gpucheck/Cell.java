package io.ventral.cli.gpucheck;

import java.util.List;
import java.util.Locale;

/**
 * One thing to find out, by one process.
 *
 * @param work what is done, the same for all programs, such as "resnet50 training bfloat16 256"
 * @param arguments those of the program
 * @param seconds what it usually takes at most; {@link #limit} is when it is given up
 */
public record Cell(Part part, String work, Program program, List<String> arguments, int seconds) {
  private static final int PATIENCE = 4;

  public Cell {
    arguments = List.copyOf(arguments);
  }

  /** Returns the name by which results are found again. */
  public String name() {
    return work + ", " + program.word();
  }

  /** Returns the name as part of a file's name. */
  public String fileName() {
    return name().replaceAll("[^A-Za-z0-9.]+", "-").toLowerCase(Locale.ROOT);
  }

  /** Returns the seconds after which the process is ended. */
  public int limit() {
    return PATIENCE * seconds;
  }
}
