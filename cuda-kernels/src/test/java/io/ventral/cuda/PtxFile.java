package io.ventral.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PTX of one family of kernels. */
record PtxFile(Path path, String text) {
  private static final Path FOLDER = Path.of("src/main/resources/io/ventral/cuda");
  private static final String SUFFIX = ".ptx";
  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(([^)]*)\\)");
  private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+) ");

  /** Returns all files in order of their names. */
  static List<PtxFile> all() {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().map(PtxFile::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PtxFile read(Path path) {
    try {
      return new PtxFile(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the family, such as {@code pooling}. */
  String name() {
    String file = path.getFileName().toString();
    return file.substring(0, file.length() - SUFFIX.length());
  }

  /** Returns the version of nvcc that the first line names. */
  String compiler() {
    return text.lines().findFirst().orElseThrow().replace("// nvcc ", "");
  }

  /** Returns each kernel with the types of its parameters, such as {@code u64 u64 f32}. */
  SortedMap<String, String> kernels() {
    SortedMap<String, String> kernels = new TreeMap<>();
    Matcher entry = ENTRY.matcher(text);
    while (entry.find()) {
      List<String> types = new ArrayList<>();
      Matcher parameter = PARAMETER.matcher(entry.group(2));
      while (parameter.find()) {
        types.add(parameter.group(1));
      }
      kernels.put(entry.group(1), String.join(" ", types));
    }
    return kernels;
  }
}
