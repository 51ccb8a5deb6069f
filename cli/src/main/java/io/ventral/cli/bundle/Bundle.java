package io.ventral.cli.bundle;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ventral for machines without Java: launcher, jars, JCuda's libraries and a Java image in one
 * folder, packed. oneDNN stays out; it is larger than all the rest.
 *
 * @param distribution the folder that has the launcher and {@code lib}
 * @param jdk the JDK whose jlink makes the image
 * @param version what the folder is called after
 */
public record Bundle(Path distribution, Path jdk, String version) {
  /** What the jars need of Java, and the compiler for networks of one's own. */
  static final Set<String> MODULES =
      Set.of(
          "java.base",
          "java.compiler",
          "java.desktop",
          "java.management",
          "java.sql",
          "jdk.compiler",
          "jdk.unsupported");

  private static final Set<String> LEFT_OUT = Set.of("libdnnl.so.3", "libgomp.so.1");

  /** What a program ends with that an interrupt ended. */
  private static final int INTERRUPTED = 130;

  /** Returns the name of the folder inside. */
  public String name() {
    return "ventral-" + version + "-linux-x86_64";
  }

  /**
   * Returns the file after writing it, whole or not at all.
   *
   * @throws EngineException DEVICE if a program is missing that this takes, RESOURCE if the disk is
   *     full, USER if the folder is missing
   * @throws InterruptedException if the thread or a program is interrupted: whatever it had started
   *     is ended, and what it had made is removed
   */
  public Path write(Path folder) throws InterruptedException {
    Path jlink = jdk.resolve("bin/jlink");
    if (!Files.isExecutable(jlink)) {
      throw EngineException.device(jlink + " is missing: bundle needs a JDK with jlink");
    }
    require("tar");
    require("xz");
    Path target = folder.resolve(name() + ".tar.xz");
    try {
      Path staging = Files.createTempDirectory(folder, ".ventral-bundle");
      try {
        fill(staging, jlink);
        Path packed = staging.resolve("packed");
        pack(staging, packed);
        Files.move(packed, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(staging);
      }
      return target;
    } catch (IOException e) {
      ErrorKind kind = Files.isWritable(folder) ? ErrorKind.RESOURCE : ErrorKind.USER;
      throw new EngineException(kind, target + ": cannot be written: " + e, e);
    }
  }

  private void fill(Path staging, Path jlink) throws IOException, InterruptedException {
    Path bundle = staging.resolve(name());
    Path lib = Files.createDirectories(bundle.resolve("lib"));
    copy(distribution.resolve("ventral"), bundle);
    copy(distribution.resolve("LICENSE"), bundle);
    try (InputStream readme = Bundle.class.getResourceAsStream("README.txt")) {
      Files.copy(readme, bundle.resolve("README.txt"));
    }
    try (Stream<Path> files = Files.list(distribution.resolve("lib"))) {
      for (Path file : files.sorted().toList()) {
        if (!LEFT_OUT.contains(file.getFileName().toString())) {
          copy(file, lib);
        }
      }
    }
    List<String> command = new ArrayList<>(List.of(jlink.toString()));
    command.addAll(List.of("--add-modules", String.join(",", MODULES.stream().sorted().toList())));
    command.addAll(List.of("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"));
    // Not compressed here: xz does better on what is not.
    command.addAll(List.of("--output", bundle.resolve("java").toString()));
    run(command, staging);
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void pack(Path staging, Path packed) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tar", "-C", staging.toString()));
    command.addAll(List.of("--sort=name", "--owner=0", "--group=0", "--numeric-owner"));
    command.addAll(List.of("-I", "xz -9", "-cf", packed.toString(), name()));
    run(command, staging);
  }

  private static void require(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean found =
        Stream.of(path.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!found) {
      throw EngineException.device(program + " is not on the PATH: bundle needs it");
    }
  }

  /** Runs a program; what it says is kept in a file, for a pipe may outlive it in its children. */
  private static void run(List<String> command, Path staging)
      throws IOException, InterruptedException {
    Path said = staging.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    process.getOutputStream().close();
    int exitCode = exitCode(process);
    if (exitCode != 0) {
      throw EngineException.resource(
          "%s ended with %d: %s"
              .formatted(
                  command.getFirst(),
                  exitCode,
                  new String(Files.readAllBytes(said), StandardCharsets.UTF_8).strip()));
    }
  }

  private static int exitCode(Process process) throws InterruptedException {
    try {
      int exitCode = process.waitFor();
      // An interrupt from the terminal reaches the program as well, and may end it first.
      if (Thread.interrupted() || exitCode == INTERRUPTED) {
        throw new InterruptedException();
      }
      return exitCode;
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
      throw e;
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(folder)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(path);
      }
    }
  }
}
