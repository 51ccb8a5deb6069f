package io.ventral.cli.gpucheck;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own for each cell, so that whatever ends it ends nothing else. */
public final class ChildProcess {
  private static final int LAST_LINES = 5;

  private ChildProcess() {}

  /**
   * How a process ended.
   *
   * @param exitCode negative if it was given up after its time
   */
  public record Ending(int exitCode, double seconds, List<String> out, List<String> err) {
    /** Returns the last line of stdout, empty if there is none. */
    public String result() {
      return out.isEmpty() ? "" : out.getLast();
    }

    /** Returns the last lines of stderr, or of stdout if nothing was said there. */
    public List<String> lastLines() {
      List<String> said = err.isEmpty() ? out : err;
      return said.subList(Math.max(0, said.size() - LAST_LINES), said.size());
    }
  }

  /**
   * Returns how the command ended, at the latest after {@code limit}. Its output stays in {@code
   * log}{@code .out} and {@code .err}. If this process is ended, so is that one.
   *
   * @throws EngineException RESOURCE if it cannot be started or its output not be kept
   */
  public static Ending run(List<String> command, Path log, Duration limit) {
    Path out = log.resolveSibling(log.getFileName() + ".out");
    Path err = log.resolveSibling(log.getFileName() + ".err");
    try {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      Thread end = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(end);
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(end);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Ending(ended ? process.exitValue() : -1, seconds, lines(out), lines(err));
    } catch (IOException e) {
      throw new EngineException(ErrorKind.RESOURCE, command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new EngineException(ErrorKind.INTERNAL, command.getFirst() + ": " + e, e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    // What a dying process wrote need not be text.
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Returns how a class is started by the same Java with the same flags, classes and libraries. */
  public static List<String> java(String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String name : List.of("ventral.libraries", "ventral.cuda.libraries")) {
      String value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    return command;
  }
}
