package io.ventral.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kernels that README.md promises: by family, each with the types of its parameters. */
final class Catalogue {
  private static final List<String> FORMATS = List.of("f32", "f16", "bf16");
  private static final List<String> UNITS = List.of("b1", "b2", "b4", "b8", "b16");
  private static final Map<Character, String> TYPES =
      Map.of('p', "u64", 'l', "u64", 'i', "u32", 'f', "f32", 'd', "f64");
  private static final Pattern FAMILY = Pattern.compile("### (\\w+)\\.cu");
  private static final Pattern ROW = Pattern.compile("\\| (`.*?`) \\| (.*?) \\|.*");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  /** {@code `view` is: l samples, …}: parameters that several kernels have in common. */
  private static final Pattern COMMON = Pattern.compile("`(\\w+)` is: ([^.]*)\\.", Pattern.DOTALL);

  private Catalogue() {}

  static SortedMap<String, SortedMap<String, String>> read(Path readme) throws IOException {
    String text = Files.readString(readme);
    Map<String, String> common =
        COMMON.matcher(text).results().collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    SortedMap<String, SortedMap<String, String>> families = new TreeMap<>();
    String family = "";
    for (String line : text.lines().toList()) {
      Matcher heading = FAMILY.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        family = heading.group(1);
        families.put(family, new TreeMap<>());
      } else if (row.matches()) {
        String types = types(row.group(2), common);
        SortedMap<String, String> kernels = families.get(family);
        names(row.group(1)).forEach(name -> kernels.put(name, types));
      }
    }
    return families;
  }

  private static String types(String parameters, Map<String, String> common) {
    return Stream.of(parameters.split(",\\s*"))
        .flatMap(
            word ->
                common.containsKey(word)
                    ? Stream.of(common.get(word).split(",\\s*"))
                    : Stream.of(word))
        .map(word -> TYPES.get(word.charAt(0)))
        .collect(Collectors.joining(" "));
  }

  /** Returns the names in a cell such as {@code `relu_F`}, for every format and unit. */
  private static Stream<String> names(String cell) {
    return NAME.matcher(cell).results().flatMap(name -> expanded(name.group(1)));
  }

  private static Stream<String> expanded(String name) {
    if (name.endsWith("_F_G")) {
      String stem = name.substring(0, name.length() - "F_G".length());
      return FORMATS.stream()
          .flatMap(
              from ->
                  FORMATS.stream()
                      .filter(to -> !to.equals(from))
                      .map(to -> stem + from + "_" + to));
    }
    String stem = name.substring(0, name.lastIndexOf('_') + 1);
    return switch (name.substring(stem.length())) {
      case "F", "P" -> FORMATS.stream().map(stem::concat);
      case "U" -> UNITS.stream().map(stem::concat);
      default -> Stream.of(name);
    };
  }
}
