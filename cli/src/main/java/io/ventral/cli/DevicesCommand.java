package io.ventral.cli;

import io.ventral.place.DeviceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Lists every backend: usable or not, and why. */
@Command(
    name = "devices",
    description = "Lists every backend: usable or not and why, memory, threads.",
    mixinStandardHelpOptions = true,
    footer = "%nExample: ventral devices --format json")
final class DevicesCommand implements Runnable {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  /** One line of the list. */
  private record Row(String device, boolean usable, String details) {}

  @Override
  public void run() {
    List<Row> rows = List.of(row(DeviceKind.CPU), row(DeviceKind.REFERENCE), row(DeviceKind.CUDA));
    switch (format) {
      case TEXT ->
          rows.forEach(
              row ->
                  System.out.printf(
                      "%-10s %-10s %s%n",
                      row.device(), row.usable() ? "usable" : "not usable", row.details()));
      case JSON -> System.out.println(JsonMapper.builder().build().writeValueAsString(rows(rows)));
      case CSV -> {
        System.out.println("device,usable,details");
        rows.forEach(
            row ->
                System.out.printf(
                    "%s,%s,\"%s\"%n",
                    row.device(), row.usable(), row.details().replace("\"", "\"\"")));
      }
    }
  }

  private static List<Map<String, Object>> rows(List<Row> rows) {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("device", row.device());
              fields.put("usable", row.usable());
              fields.put("details", row.details());
              return fields;
            })
        .toList();
  }

  private static Row row(DeviceKind kind) {
    Runtime java = Runtime.getRuntime();
    String host =
        "float64, %d threads, %,d MiB of Java heap"
            .formatted(java.availableProcessors(), java.maxMemory() >> 20);
    return switch (kind) {
      case CPU ->
          new Row("cpu", true, "computed by the reference backend in this version: " + host);
      case REFERENCE -> new Row("reference", true, "plain loops that define every number: " + host);
      case CUDA -> new Row("cuda", false, "this version has no CUDA backend");
    };
  }
}
