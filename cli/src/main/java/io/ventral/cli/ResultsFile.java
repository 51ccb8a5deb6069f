package io.ventral.cli;

import io.ventral.data.Dataset;
import io.ventral.error.EngineException;
import io.ventral.io.AtomicFile;
import io.ventral.train.ImageResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of an evaluation: a row an image, in the order of the data set. */
final class ResultsFile {
  static final String HEADER = "file,label,prediction,probability,loss,top5";

  private static final int TOP = 5;

  private final Path path;
  private final Dataset dataset;
  private final ClassNames classes;
  private final StringBuilder rows = new StringBuilder(HEADER).append('\n');

  /**
   * Prepares the table. That it can be written is checked now, not after hours.
   *
   * @throws EngineException USER if the folder is missing or refuses files
   */
  ResultsFile(Path path, Dataset dataset, ClassNames classes) {
    Path folder = path.toAbsolutePath().getParent();
    boolean replaceable = Files.notExists(path) || Files.isRegularFile(path);
    if (folder == null || !Files.isWritable(folder) || !replaceable) {
      throw EngineException.user(path + ": no file can be written there");
    }
    this.path = path;
    this.dataset = dataset;
    this.classes = classes;
  }

  /** Adds the row of an image. */
  void add(ImageResult result) {
    int[] best = BestClasses.of(result.probabilities(), TOP);
    rows.append(
            CsvRow.of(
                dataset.name(result.item()),
                classes.of(result.label()),
                classes.of(best[0]),
                number(result.probabilities()[best[0]]),
                number(result.loss()),
                Arrays.stream(best).mapToObj(classes::of).collect(Collectors.joining(";"))))
        .append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.8g", value);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws EngineException RESOURCE if the disk is full
   */
  void write() {
    AtomicFile.write(path, rows.toString().getBytes(StandardCharsets.UTF_8));
  }
}
