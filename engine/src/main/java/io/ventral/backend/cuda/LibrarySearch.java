package io.ventral.backend.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * The folders in which CUDA's libraries are looked for, in order. An explicit setting, system
 * property {@code ventral.cuda.libraries} or else environment variable {@code
 * VENTRAL_CUDA_LIBRARIES}, lists them with colons in between, and then no others count. Otherwise
 * they are LD_LIBRARY_PATH, the driver's and the system's folders, the CUDA toolkits under {@code
 * /usr/local}, the engine's own folder, and the places where Python packages put them.
 */
public record LibrarySearch(List<Path> folders) {
  static final String PROPERTY = "ventral.cuda.libraries";
  static final String VARIABLE = "VENTRAL_CUDA_LIBRARIES";

  private static final List<String> SYSTEM =
      List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib", "/usr/local/lib");

  public LibrarySearch {
    folders = List.copyOf(folders);
  }

  /**
   * Returns the search on this machine.
   *
   * @param own the engine's folder of libraries
   */
  public static LibrarySearch ofMachine(Path own) {
    return of(Optional.ofNullable(System.getProperty(PROPERTY)), System.getenv(), own);
  }

  static LibrarySearch of(Optional<String> property, Map<String, String> environment, Path own) {
    Optional<String> setting = property.or(() -> Optional.ofNullable(environment.get(VARIABLE)));
    if (setting.isPresent()) {
      return new LibrarySearch(split(setting.get()));
    }
    SequencedSet<Path> folders =
        new LinkedHashSet<>(split(environment.getOrDefault("LD_LIBRARY_PATH", "")));
    SYSTEM.forEach(folder -> folders.add(Path.of(folder)));
    for (Path toolkit : matches(Path.of("/usr/local"), "cuda*")) {
      folders.add(toolkit.resolve("lib64"));
    }
    folders.add(own);
    for (Path python : pythonFolders(environment)) {
      for (Path packages : matches(python, "{site,dist}-packages")) {
        for (Path part : matches(packages.resolve("nvidia"), "*")) {
          folders.add(part.resolve("lib"));
        }
      }
    }
    return new LibrarySearch(folders.stream().filter(Files::isDirectory).toList());
  }

  private static List<Path> split(String folders) {
    return Arrays.stream(folders.split(":", -1))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .toList();
  }

  private static List<Path> pythonFolders(Map<String, String> environment) {
    List<Path> roots = new ArrayList<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      Optional.ofNullable(environment.get(variable)).map(Path::of).ifPresent(roots::add);
    }
    Optional.ofNullable(environment.get("HOME"))
        .ifPresent(home -> roots.add(Path.of(home, ".local")));
    roots.add(Path.of("/usr/local"));
    roots.add(Path.of("/usr"));
    List<Path> folders = new ArrayList<>();
    for (Path root : roots) {
      folders.addAll(matches(root.resolve("lib"), "python3*"));
    }
    return folders;
  }

  /** Returns what is in {@code folder} under names of a form, the highest name first. */
  private static List<Path> matches(Path folder, String form) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, form)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      // A folder that is not there or may not be read holds nothing for us.
      return List.of();
    }
    found.sort(Comparator.reverseOrder());
    return found;
  }

  /** Returns the files of that name, in order. */
  List<Path> files(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(Files::exists).toList();
  }

  /** Returns the folders with commas in between. */
  @Override
  public String toString() {
    return folders.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
