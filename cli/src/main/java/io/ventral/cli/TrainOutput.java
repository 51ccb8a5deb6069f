package io.ventral.cli;

import io.ventral.train.Evaluation;
import io.ventral.train.LossScaling;
import io.ventral.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What training prints: a line an interval and an epoch, on stdout; and between these lines, where
 * people look on, a bar of the epoch's steps.
 */
final class TrainOutput implements TrainingListener, AutoCloseable {
  private static final int SECONDS_A_MINUTE = 60;

  private final OutputFormat format;
  private final Messages messages;
  private final JsonMapper json = JsonMapper.builder().build();
  private final StepBar bar;
  private boolean headerPrinted;

  TrainOutput(OutputFormat format, Messages messages, StepBar bar) {
    this.format = format;
    this.messages = messages;
    this.bar = bar;
  }

  @Override
  public void step(int epoch, int epochs, int step, int steps) {
    bar.show(epoch, epochs, step, steps);
  }

  @Override
  public void interval(IntervalReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", "interval");
    fields.put("epoch", report.epoch());
    fields.put("step", report.step());
    fields.put("steps", report.steps());
    fields.put("lr", report.rate());
    fields.put("images_per_second", report.imagesPerSecond());
    fields.put("loss", report.loss());
    fields.put("acc1", report.acc1());
    fields.put("acc5", report.acc5());
    fields.put("data_seconds", report.dataSeconds());
    fields.put("compute_seconds", report.computeSeconds());
    fields.put("eta_seconds", report.etaSeconds());
    String text =
        String.format(
            Locale.ROOT,
            "epoch %d/%d step %d/%d lr %s images/s %.1f loss %.4f acc1 %.2f acc5 %.2f data %.4fs"
                + " compute %.4fs eta %s",
            report.epoch(),
            report.epochs(),
            report.step(),
            report.steps(),
            rate(report.rate()),
            report.imagesPerSecond(),
            report.loss(),
            report.acc1(),
            report.acc5(),
            report.dataSeconds(),
            report.computeSeconds(),
            clock(report.etaSeconds()));
    print(text, fields);
  }

  @Override
  public void epoch(EpochReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", "epoch");
    fields.put("epoch", report.epoch());
    fields.put("lr", report.rate());
    fields.put("train_loss", report.training().meanLoss());
    fields.put("train_acc1", report.training().acc1());
    fields.put("val_loss", report.validation().loss());
    fields.put("val_acc1", report.validation().acc1());
    fields.put("val_acc5", report.validation().acc5());
    fields.put("images_per_second", report.imagesPerSecond());
    fields.put("seconds", report.seconds());
    fields.put("best", report.best());
    report
        .scaling()
        .ifPresent(
            scaling -> {
              fields.put("loss_scale", scaling.scale());
              fields.put("skipped_steps", scaling.skippedSteps());
            });
    String text =
        String.format(
            Locale.ROOT,
            "epoch %d/%d lr %s images/s %.1f train loss %.4f acc1 %.2f val loss %.4f acc1 %.2f acc5"
                + " %.2f time %.1fs%s%s",
            report.epoch(),
            report.epochs(),
            rate(report.rate()),
            report.imagesPerSecond(),
            report.training().meanLoss(),
            report.training().acc1(),
            report.validation().loss(),
            report.validation().acc1(),
            report.validation().acc5(),
            report.seconds(),
            report.scaling().map(TrainOutput::scaling).orElse(""),
            report.best() ? " best" : "");
    print(text, fields);
  }

  private static String scaling(LossScaling.Report report) {
    return String.format(
        Locale.ROOT, " scale %.0f skipped %d", report.scale(), report.skippedSteps());
  }

  @Override
  public void note(String line) {
    bar.clear();
    messages.info(line);
  }

  private void print(String text, Map<String, Object> fields) {
    bar.clear();
    switch (format) {
      case TEXT -> System.out.println(text);
      case JSON -> System.out.println(json.writeValueAsString(fields));
      case CSV -> printCsv(fields);
    }
  }

  /** A table has one kind of row: the epochs. */
  private void printCsv(Map<String, Object> fields) {
    if (!"epoch".equals(fields.remove("event"))) {
      return;
    }
    if (!headerPrinted) {
      System.out.println(String.join(",", fields.keySet()));
      headerPrinted = true;
    }
    System.out.println(String.join(",", fields.values().stream().map(Object::toString).toList()));
  }

  /** Leaves a clean line, however training ended. */
  @Override
  public void close() {
    bar.clear();
  }

  /** Prints the last line of training and evaluation. */
  static void last(Evaluation evaluation, OutputFormat format) {
    switch (format) {
      case TEXT, CSV ->
          System.out.println(
              String.format(
                  Locale.ROOT,
                  "Acc@1 %.3f Acc@5 %.3f loss %.4f images %d",
                  evaluation.acc1(),
                  evaluation.acc5(),
                  evaluation.loss(),
                  evaluation.images()));
      case JSON -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("acc1", evaluation.acc1());
        fields.put("acc5", evaluation.acc5());
        fields.put("loss", evaluation.loss());
        fields.put("images", evaluation.images());
        System.out.println(JsonMapper.builder().build().writeValueAsString(fields));
      }
    }
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, "%.6g", rate)
        .replaceFirst("(\\.\\d*?)0+$", "$1")
        .replaceFirst("\\.$", "");
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    long minutes = whole / SECONDS_A_MINUTE;
    return String.format(
        Locale.ROOT,
        "%d:%02d:%02d",
        minutes / SECONDS_A_MINUTE,
        minutes % SECONDS_A_MINUTE,
        whole % SECONDS_A_MINUTE);
  }
}
