package io.ventral.cli;

import io.ventral.place.DeviceKind;
import io.ventral.run.DeviceReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Lists every backend: usable or not, and why. */
@Command(
    name = "devices",
    description = "Lists every backend: usable or not and why, versions, memory, threads.",
    mixinStandardHelpOptions = true,
    footer = "%nExample: ventral devices --format json")
final class DevicesCommand implements Runnable {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Override
  public void run() {
    int threads = Runtime.getRuntime().availableProcessors();
    List<DeviceReport> rows =
        Stream.of(DeviceKind.CPU, DeviceKind.REFERENCE, DeviceKind.CUDA)
            .map(kind -> DeviceReport.of(kind, threads))
            .toList();
    switch (format) {
      case TEXT ->
          rows.forEach(
              row ->
                  System.out.printf(
                      "%-10s %-10s %s%n",
                      row.kind().word(),
                      row.usable() ? "usable" : "not usable",
                      String.join("%n%22s".formatted(""), row.details())));
      case JSON -> System.out.println(JsonMapper.builder().build().writeValueAsString(rows(rows)));
      case CSV -> {
        System.out.println("device,usable,details");
        rows.forEach(
            row ->
                System.out.printf(
                    "%s,%s,\"%s\"%n",
                    row.kind().word(),
                    row.usable(),
                    String.join("; ", row.details()).replace("\"", "\"\"")));
      }
    }
  }

  private static List<Map<String, Object>> rows(List<DeviceReport> rows) {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("device", row.kind().word());
              fields.put("usable", row.usable());
              fields.put("simulated", row.simulated());
              fields.put("details", row.details());
              return fields;
            })
        .toList();
  }
}
