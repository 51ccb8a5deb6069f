package io.ventral.cli;

import io.ventral.train.Checkpoint;
import io.ventral.train.CheckpointInfo;
import io.ventral.train.TrainingJob;
import java.util.List;
import java.util.Optional;

/** What training says before it begins: every flag with its origin, batches, what it resumes. */
record TrainReport(TrainingJob job, Messages messages) {
  /** Prints what was decided, and with a checkpoint what differs from it. */
  void print(List<Settings.Setting> decided, Optional<Checkpoint> checkpoint) {
    decided.forEach(
        setting ->
            messages.info(
                "  %s %s (%s)".formatted(setting.flag(), setting.value(), setting.origin())));
    int devices = job.machine().mesh().size();
    messages.info(
        devices == 1
            ? "batch " + job.globalBatch()
            : "batch %d on each of %d devices, %d in all; the rate is not scaled"
                .formatted(job.recipe().batchSize(), devices, job.globalBatch()));
    checkpoint.ifPresent(file -> printResume(file, decided));
  }

  private void printResume(Checkpoint file, List<Settings.Setting> decided) {
    messages.info("resuming from " + file.path());
    decided.stream()
        .filter(setting -> setting.origin().equals("given"))
        .forEach(setting -> messages.info("overridden: " + setting.flag() + " " + setting.value()));
    String origin = file.info().map(CheckpointInfo::origin).orElse("");
    if (!origin.equals(job.machine().description())) {
      messages.info(
          "the checkpoint was made on %s, this is %s: results may differ in the last bits"
              .formatted(origin, job.machine().description()));
    }
  }
}
