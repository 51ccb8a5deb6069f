package io.ventral.cli;

import io.ventral.network.LayerSummary;
import io.ventral.network.Network;
import io.ventral.place.Mesh;
import io.ventral.run.MemoryUse;
import io.ventral.tensor.Shape;
import io.ventral.train.NetworkDescription;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Prints a description on stdout. */
record DescribeOutput(Network network, Mesh mesh, NetworkDescription description) {
  private static final double MIB = 1 << 20;

  /** Prints a table of the layers and a table of the memory. */
  void text() {
    int width = network.layers().stream().mapToInt(layer -> layer.name().length()).max().orElse(0);
    String row = "%-" + Math.max(width, "total".length()) + "s  %-17s %-18s %,13d %,15d %,15d%n";
    print(
        row.replace(",", "").replace('d', 's'),
        "layer",
        "kind",
        "output",
        "parameters",
        "multiply-adds",
        "bytes");
    for (LayerSummary layer : description.layers()) {
      print(
          row,
          layer.layer().name(),
          layer.layer().kind().typeName(),
          shape(layer),
          layer.parameters(),
          layer.macs(),
          layer.activationBytes());
    }
    print(
        row,
        "total",
        "",
        "",
        description.parameters(),
        description.macs(),
        description.activationBytes());
    for (int index = 0; index < mesh.size(); index++) {
      memoryText("memory on " + mesh.devices().get(index), description.memory().get(index));
    }
  }

  private static void memoryText(String title, MemoryUse memory) {
    print("%n%s, in MiB%n", title);
    fields(memory)
        .forEach(
            (name, bytes) -> {
              String label = name.replaceFirst("_bytes$", "").replace('_', ' ');
              print("  %-12s %,12.3f%n", label, bytes / MIB);
            });
  }

  /** Prints one object; its memory is that of the device that needs most. */
  void json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", network.name());
    fields.put("parameters", description.parameters());
    fields.put("macs", description.macs());
    fields.put("layers", description.layers().stream().map(DescribeOutput::fields).toList());
    MemoryUse most =
        description.memory().stream()
            .max(Comparator.comparingLong(MemoryUse::totalBytes))
            .orElseThrow();
    fields.put("memory", fields(most));
    System.out.println(JsonMapper.builder().build().writeValueAsString(fields));
  }

  /** Prints a line per layer. */
  void csv() {
    System.out.println("name,op,output,parameters,macs,activation_bytes");
    for (LayerSummary layer : description.layers()) {
      print(
          "%s,%s,%s,%d,%d,%d%n",
          layer.layer().name(),
          layer.layer().kind().typeName(),
          shape(layer),
          layer.parameters(),
          layer.macs(),
          layer.activationBytes());
    }
  }

  private static Map<String, Object> fields(LayerSummary layer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", layer.layer().name());
    fields.put("op", layer.layer().kind().typeName());
    fields.put("output", layer.output().shape().extents());
    fields.put("parameters", layer.parameters());
    fields.put("macs", layer.macs());
    fields.put("activation_bytes", layer.activationBytes());
    return fields;
  }

  private static Map<String, Long> fields(MemoryUse memory) {
    Map<String, Long> fields = new LinkedHashMap<>();
    fields.put("parameter_bytes", memory.parameterBytes());
    fields.put("gradient_bytes", memory.gradientBytes());
    fields.put("optimizer_bytes", memory.optimizerBytes());
    fields.put("statistic_bytes", memory.statisticBytes());
    fields.put("prepared_bytes", memory.preparedBytes());
    fields.put("activation_bytes", memory.activationBytes());
    fields.put("workspace_bytes", memory.workspaceBytes());
    fields.put("input_bytes", memory.inputBytes());
    fields.put("total_bytes", memory.totalBytes());
    return fields;
  }

  private static String shape(LayerSummary layer) {
    Shape shape = layer.output().shape();
    return Arrays.stream(shape.extents())
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("x"));
  }

  // The annotation that Error Prone asks for would be a dependency for this one method.
  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String format, Object... values) {
    System.out.print(String.format(Locale.ROOT, format, values));
  }
}
