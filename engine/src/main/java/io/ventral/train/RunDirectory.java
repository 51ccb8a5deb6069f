package io.ventral.train;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder of one run: arguments, metrics, log, checkpoints. One run at a time has it; a file in
 * it is replaced whole or, the log, grows by whole lines.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final String METRICS_HEADER =
      "epoch,train_loss,train_acc1,val_loss,val_acc1,val_acc5,lr,images_per_second,seconds";

  private final Path path;
  private final FileChannel lockFile;
  private final List<String> metrics = new ArrayList<>();

  private RunDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Returns the first folder {@code parent/model-n} that does not exist, n counting from 1. */
  public static Path next(Path parent, String model) {
    int n = 1;
    while (Files.exists(parent.resolve(model + "-" + n))) {
      n++;
    }
    return parent.resolve(model + "-" + n);
  }

  /**
   * Returns the folder, created if need be, taken for this run.
   *
   * @throws EngineException USER if it cannot be created or another run is using it
   */
  public static RunDirectory open(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw EngineException.user(path + ": another run is writing to this folder");
      }
      return new RunDirectory(path, channel);
    } catch (IOException e) {
      throw new EngineException(
          ErrorKind.USER, path + ": cannot be used as the folder of a run: " + e.getMessage(), e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  public Path path() {
    return path;
  }

  /** Returns the file of the newest state. */
  public Path last() {
    return path.resolve("last.safetensors");
  }

  /** Returns the file of the state with the best validation accuracy. */
  public Path best() {
    return path.resolve("best.safetensors");
  }

  /** Returns the file kept for the end of an epoch, counted from 1. */
  public Path epoch(int epoch) {
    return path.resolve("epoch-%04d.safetensors".formatted(epoch));
  }

  /** Returns the checkpoints in the folder {@code path}, the newest first. */
  public static List<Path> checkpoints(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .sorted((a, b) -> Long.compare(modified(b), modified(a)))
          .toList();
    } catch (IOException e) {
      throw new EngineException(ErrorKind.USER, path + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Writes the argument file that repeats the run. */
  public void writeArguments(List<String> lines) {
    write("args.txt", lines);
  }

  /**
   * Begins the logs, or cuts them back to a checkpoint: rows of finished epochs and log lines that
   * pass stay.
   *
   * @param finishedEpochs epochs whose rows stay
   * @param keep whether a log line stays
   */
  public void beginLogs(int finishedEpochs, Predicate<String> keep) {
    metrics.clear();
    metrics.add(METRICS_HEADER);
    lines("metrics.csv")
        .ifPresent(rows -> rows.stream().skip(1).limit(finishedEpochs).forEach(metrics::add));
    write("metrics.csv", metrics);
    write("log.jsonl", lines("log.jsonl").orElse(List.of()).stream().filter(keep).toList());
  }

  /** Appends a row to {@code metrics.csv}. */
  public void addMetrics(String row) {
    metrics.add(row);
    write("metrics.csv", metrics);
  }

  /** Appends a line to {@code log.jsonl}. */
  public void log(String json) {
    Path file = path.resolve("log.jsonl");
    try {
      Files.writeString(
          file,
          json + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new EngineException(
          ErrorKind.RESOURCE, file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private void write(String name, List<String> lines) {
    String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    AtomicFile.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private Optional<List<String>> lines(String name) {
    Path file = path.resolve(name);
    try {
      return Files.exists(file)
          ? Optional.of(Files.readAllLines(file, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw new EngineException(ErrorKind.DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Gives the folder back for other runs. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new EngineException(ErrorKind.RESOURCE, path + ": " + e.getMessage(), e);
    }
  }
}
