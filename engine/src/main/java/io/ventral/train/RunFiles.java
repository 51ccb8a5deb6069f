package io.ventral.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run leaves in its folder. */
final class RunFiles {
  private final TrainingJob job;
  private final RunDirectory directory;
  private final List<String> arguments;
  private final JsonMapper json = JsonMapper.builder().build();

  RunFiles(TrainingJob job, RunDirectory directory, List<String> arguments) {
    this.job = job;
    this.directory = directory;
    this.arguments = arguments;
  }

  /** Begins the logs, or cuts them back to {@code state}. */
  void begin(TrainingState state) {
    directory.beginLogs(state.epoch(), line -> isUpTo(line, state.step()));
  }

  /** A line that was cut off when the run was killed does not count. */
  private boolean isUpTo(String line, long step) {
    try {
      JsonNode number = json.readTree(line).path("step");
      return number.isNumber() && number.asLong() <= step;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Saves the state as the newest. */
  void save(TrainingSession session, TrainingState state) {
    save(directory.last(), session, state);
  }

  /**
   * Saves the state at the end of an epoch: as the newest, if asked as the best, and by its number.
   * The newest comes first: on a disk that fills up it is what matters.
   */
  void saveEpoch(TrainingSession session, TrainingState state, boolean best) {
    save(session, state);
    if (best) {
      save(directory.best(), session, state);
    }
    if (job.limits().keep() > 0) {
      save(directory.epoch(state.epoch()), session, state);
      delete(directory.epoch(state.epoch() - job.limits().keep()));
    }
  }

  private void save(Path path, TrainingSession session, TrainingState state) {
    CheckpointInfo info =
        new CheckpointInfo(
            job.network(),
            job.classNames(),
            job.data().preprocessing(),
            Optional.of(state),
            arguments,
            job.machine().description(),
            session.choices());
    Checkpoint.save(path, session.session(), session.parameters(), info);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void log(TrainingListener.IntervalReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", "interval");
    line.put("epoch", report.epoch());
    line.put("step", report.globalStep());
    line.put("lr", report.rate());
    line.put("loss", report.loss());
    line.put("acc1", report.acc1());
    line.put("acc5", report.acc5());
    line.put("images_per_second", report.imagesPerSecond());
    line.put("data_seconds", report.dataSeconds());
    line.put("compute_seconds", report.computeSeconds());
    directory.log(json.writeValueAsString(line));
  }

  void log(TrainingListener.EpochReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", "epoch");
    line.put("epoch", report.epoch());
    line.put("step", report.globalStep());
    line.put("lr", report.rate());
    line.put("train_loss", report.training().meanLoss());
    line.put("train_acc1", report.training().acc1());
    line.put("val_loss", report.validation().loss());
    line.put("val_acc1", report.validation().acc1());
    line.put("val_acc5", report.validation().acc5());
    line.put("images_per_second", report.imagesPerSecond());
    line.put("seconds", report.seconds());
    report
        .scaling()
        .ifPresent(
            scaling -> {
              line.put("loss_scale", scaling.scale());
              line.put("skipped_steps", scaling.skippedSteps());
            });
    directory.log(json.writeValueAsString(line));
    directory.addMetrics(
        String.format(
            Locale.ROOT,
            "%d,%.6f,%.3f,%.6f,%.3f,%.3f,%s,%.1f,%.3f",
            report.epoch(),
            report.training().meanLoss(),
            report.training().acc1(),
            report.validation().loss(),
            report.validation().acc1(),
            report.validation().acc5(),
            report.rate(),
            report.imagesPerSecond(),
            report.seconds()));
  }
}
