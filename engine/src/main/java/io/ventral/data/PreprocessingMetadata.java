package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link Preprocessing} as the text entries of a weights file. */
final class PreprocessingMetadata {
  private static final String PREFIX = "preprocessing.";
  private static final String INTERPOLATION = "bilinear antialiased";

  private PreprocessingMetadata() {}

  static Map<String, String> write(Preprocessing preprocessing) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(PREFIX + "channels", String.valueOf(preprocessing.channels()));
    entries.put(PREFIX + "resize", String.valueOf(preprocessing.resize()));
    entries.put(PREFIX + "crop-height", String.valueOf(preprocessing.cropHeight()));
    entries.put(PREFIX + "crop-width", String.valueOf(preprocessing.cropWidth()));
    entries.put(PREFIX + "mean", text(preprocessing.mean()));
    entries.put(PREFIX + "std", text(preprocessing.std()));
    entries.put(PREFIX + "interpolation", INTERPOLATION);
    return entries;
  }

  static Optional<Preprocessing> read(Map<String, String> metadata) {
    if (metadata.keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return Optional.empty();
    }
    try {
      String interpolation = entry(metadata, "interpolation");
      if (!interpolation.equals(INTERPOLATION)) {
        throw EngineException.data("interpolation '" + interpolation + "' is unknown");
      }
      return Optional.of(
          new Preprocessing(
              Integer.parseInt(entry(metadata, "channels")),
              Integer.parseInt(entry(metadata, "resize")),
              Integer.parseInt(entry(metadata, "crop-height")),
              Integer.parseInt(entry(metadata, "crop-width")),
              numbers(entry(metadata, "mean")),
              numbers(entry(metadata, "std"))));
    } catch (NumberFormatException | EngineException e) {
      throw new EngineException(ErrorKind.DATA, "preprocessing in metadata: " + e.getMessage(), e);
    }
  }

  private static String entry(Map<String, String> metadata, String name) {
    String value = metadata.get(PREFIX + name);
    if (value == null) {
      throw EngineException.data("no entry " + PREFIX + name);
    }
    return value;
  }

  private static String text(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Double> numbers(String text) {
    return Stream.of(text.split(",")).map(Double::valueOf).toList();
  }
}
