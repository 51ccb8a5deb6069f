package io.ventral.cli;

import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.run.StepTimings;
import io.ventral.tensor.Precision;
import io.ventral.train.Benchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Times steps of a network on made-up images. */
@Command(
    name = "bench",
    description = "Times training or inference of a network on made-up images.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = "%nExample: ventral bench resnet50 -b 16 --layers")
final class BenchCommand implements Runnable {
  private static final double MILLIS = 1e3;
  private static final double GIGA = 1e9;

  @Parameters(paramLabel = "MODEL", description = "A built-in network, a .java or a .json file.")
  String model;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "Images a step on each device (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  int batch;

  @Option(names = "--inference", description = "Time evaluation, not training.")
  boolean inference;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps to time after a warm-up (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  int steps;

  @Option(names = "--layers", description = "Time every operation too.")
  boolean layers;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json or csv (default: ${DEFAULT-VALUE}).",
      defaultValue = "text")
  OutputFormat format;

  @Mixin final DeviceFlags device = new DeviceFlags();
  @Mixin final MessageFlags say = new MessageFlags();

  @Override
  public void run() {
    ModelSource source = ModelSource.of(model);
    NetworkRequest request = source.defaults();
    Network network = source.network(request);
    ChosenDevices devices = device.devices(say.messages());
    Precision precision = device.precision(devices.mesh(), say.messages());
    Benchmark.Options options =
        new Benchmark.Options(
            devices.mesh(),
            precision,
            device.options(),
            batch,
            !inference,
            Math.max(1, steps),
            layers);
    Benchmark.Result result = Benchmark.run(network, options);
    switch (format) {
      case TEXT -> printText(source.name(), devices, options, result);
      case JSON ->
          System.out.println(
              JsonMapper.builder()
                  .build()
                  .writeValueAsString(fields(source.name(), devices, options, result)));
      case CSV -> printCsv(fields(source.name(), devices, options, result));
    }
  }

  private static Map<String, Object> fields(
      String name, ChosenDevices devices, Benchmark.Options options, Benchmark.Result result) {
    int images = options.batch() * options.mesh().size();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", name);
    fields.put("device", devices.label());
    fields.put("mode", options.training() ? "training" : "inference");
    fields.put("dtype", options.precision().computed().name().toLowerCase(Locale.ROOT));
    fields.put("batch", options.batch());
    fields.put("threads", options.devices().threads());
    fields.put("images_per_second", images / result.median());
    fields.put("step_ms_median", result.median() * MILLIS);
    fields.put("step_ms_min", result.minimum() * MILLIS);
    fields.put("peak_bytes", result.peakBytes());
    fields.put("layers", result.layers().map(BenchCommand::layers).orElse(List.of()));
    return fields;
  }

  private static List<Map<String, Object>> layers(StepTimings timings) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (StepTimings.NodeTiming node : timings.nodes()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", node.node().name());
      row.put("op", node.node().op().getClass().getSimpleName());
      row.put("ms", node.seconds() * MILLIS);
      row.put("gflops", 2 * node.multiplyAdds() / GIGA / node.seconds());
      row.put("gbytes_per_second", node.bytes() / GIGA / node.seconds());
      row.put("share", node.seconds() / timings.seconds());
      row.put("implementation", node.implementation());
      rows.add(row);
    }
    return rows;
  }

  private static void printText(
      String name, ChosenDevices devices, Benchmark.Options options, Benchmark.Result result) {
    int images = options.batch() * options.mesh().size();
    result
        .layers()
        .ifPresent(
            timings -> {
              System.out.printf(
                  "%-34s %-20s %9s %9s %8s %6s  %s%n",
                  "name", "op", "ms", "GFLOP/s", "GB/s", "share", "implementation");
              timings.nodes().forEach(node -> printRow(node, timings.seconds()));
            });
    System.out.printf(
        Locale.ROOT,
        "%s %s %s %s batch %d threads %d: %.2f images/s, step %.2f ms (min %.2f ms), %,d MiB%n",
        name,
        devices.label(),
        options.training() ? "training" : "inference",
        options.precision().computed().shortName(),
        images,
        options.devices().threads(),
        images / result.median(),
        result.median() * MILLIS,
        result.minimum() * MILLIS,
        result.peakBytes() >> 20);
  }

  private static void printRow(StepTimings.NodeTiming node, double all) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %-20s %9.3f %9.1f %8.1f %5.1f%%  %s%n",
        node.node().name(),
        node.node().op().getClass().getSimpleName(),
        node.seconds() * MILLIS,
        2 * node.multiplyAdds() / GIGA / node.seconds(),
        node.bytes() / GIGA / node.seconds(),
        100 * node.seconds() / all,
        node.implementation());
  }

  private static void printCsv(Map<String, Object> fields) {
    fields.remove("layers");
    System.out.println(String.join(",", fields.keySet()));
    System.out.println(String.join(",", fields.values().stream().map(Object::toString).toList()));
  }
}
