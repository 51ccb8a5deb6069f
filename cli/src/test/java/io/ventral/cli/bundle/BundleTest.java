package io.ventral.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final long LARGEST = 40_000_000;
  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @Test
  void withoutJlinkThereIsNone() throws IOException {
    Bundle bundle = new Bundle(PROJECT, folder.resolve("jdk"), "1");
    EngineException error = assertThrows(EngineException.class, () -> bundle.write(folder));
    assertEquals(ErrorKind.DEVICE, error.kind());
    assertTrue(error.getMessage().contains("jdk/bin/jlink is missing"), error.getMessage());
    assertEquals(List.of(), files(folder));
  }

  @Test
  void whatCannotBePackedLeavesNothing() throws IOException {
    Bundle bundle = new Bundle(folder.resolve("nowhere"), JDK, "1");
    assertThrows(EngineException.class, () -> bundle.write(folder));
    assertEquals(List.of(), files(folder));
  }

  @Test
  @Timeout(60)
  void whatIsInterruptedLeavesNothing() throws IOException, InterruptedException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path begun = folder.resolve("begun");
    Bundle bundle = bundleWithJlink("touch %s\nexec sleep 1000".formatted(begun));
    List<Throwable> ending = new ArrayList<>();
    Thread writing =
        Thread.ofPlatform()
            .start(
                () ->
                    ending.add(assertThrows(InterruptedException.class, () -> bundle.write(work))));
    while (Files.notExists(begun)) {
      Thread.sleep(1);
    }
    assertEquals(1, files(work).size(), "the folder in which it is put together");
    writing.interrupt();
    writing.join();
    assertEquals(1, ending.size());
    assertEquals(List.of(), files(work));
  }

  @Test
  void aProgramThatIsInterruptedInterrupts() throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Bundle bundle = bundleWithJlink("exit 130");
    assertThrows(InterruptedException.class, () -> bundle.write(work));
    assertEquals(List.of(), files(work));
  }

  /** Returns a bundle of next to nothing, with a script for jlink. */
  private Bundle bundleWithJlink(String script) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home/lib")).getParent();
    Files.createFile(home.resolve("ventral"));
    Files.createFile(home.resolve("LICENSE"));
    Path jlink = Files.createDirectories(folder.resolve("jdk/bin")).resolve("jlink");
    Files.writeString(jlink, "#!/bin/sh\n" + script + "\n");
    assertTrue(jlink.toFile().setExecutable(true));
    return new Bundle(home, folder.resolve("jdk"), "1");
  }

  /** Asks the JDK what the classes that travel need of it. */
  @Test
  void theImageHasWhatTheJarsNeed() {
    List<String> arguments = new ArrayList<>(List.of("--multi-release", "25"));
    arguments.addAll(List.of("--ignore-missing-deps", "--print-module-deps"));
    classPath().map(Path::toString).forEach(arguments::add);
    List<String> needed = Arrays.asList(tool("jdeps", arguments).strip().split(","));
    assertTrue(Bundle.MODULES.containsAll(needed), needed + " in " + Bundle.MODULES);
  }

  @Test
  @Tag("slow")
  void runsWithoutJava() throws IOException, InterruptedException {
    Path file = new Bundle(distribution(), JDK, "1").write(folder);
    assertTrue(Files.size(file) < LARGEST, Files.size(file) + " bytes");
    run(0, List.of("tar", "-C", folder.toString(), "-xf", file.toString()));
    Path ventral = folder.resolve("ventral-1-linux-x86_64").resolve("ventral");
    assertTrue(ventral(ventral, 0, "--version").startsWith("ventral "));
    assertTrue(ventral(ventral, 0, "devices").contains("reference  usable"));
    String doctor = ventral(ventral, 0, "doctor", "--device", "reference", "--op", "Relu");
    assertTrue(doctor.contains("agrees with the reference"), doctor);
    String cpu = ventral(ventral, 5, "bench", "lenet5", "--device", "cpu");
    assertTrue(cpu.contains("a bundle comes without it"), cpu);
  }

  /** Returns what the launcher says where there is no Java, and no program but the usual few. */
  private String ventral(Path ventral, int exitCode, String... arguments)
      throws IOException, InterruptedException {
    Path programs = Files.createDirectories(folder.resolve("bin"));
    for (String name : List.of("bash", "dirname", "readlink", "mv")) {
      Path link = programs.resolve(name);
      if (Files.notExists(link)) {
        Files.createSymbolicLink(link, Path.of("/bin", name));
      }
    }
    List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=" + programs));
    command.add(ventral.toString());
    command.addAll(List.of(arguments));
    return run(exitCode, command);
  }

  private static String run(int exitCode, List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exitCode, process.waitFor(), command + ": " + said);
    return said;
  }

  /** Returns a distribution of the classes under test, as the build makes one of jars. */
  private Path distribution() throws IOException {
    Path home = folder.resolve("distribution");
    Path lib = Files.createDirectories(home.resolve("lib"));
    List<String> names = new ArrayList<>();
    for (Path part : classPath().toList()) {
      String name = Files.isDirectory(part) ? "classes%d.jar".formatted(names.size()) : "";
      name = name.isEmpty() ? part.getFileName().toString() : name;
      names.add(name);
      if (Files.isDirectory(part)) {
        tool("jar", List.of("-cf", lib.resolve(name).toString(), "-C", part.toString(), "."));
      } else {
        Files.copy(part, lib.resolve(name));
      }
    }
    Path manifest = folder.resolve("manifest");
    Files.writeString(
        manifest,
        "Main-Class: io.ventral.cli.Main\nEnable-Native-Access: ALL-UNNAMED\nClass-Path: "
            + String.join("\n  ", names)
            + "\n");
    tool("jar", List.of("-cfm", lib.resolve("ventral.jar").toString(), manifest.toString()));
    for (Path library : files(Path.of(System.getProperty("ventral.libraries")))) {
      Files.copy(library, lib.resolve(library.getFileName()));
    }
    Files.copy(PROJECT.resolve("ventral"), home.resolve("ventral"));
    assertTrue(home.resolve("ventral").toFile().setExecutable(true));
    Files.copy(PROJECT.resolve("LICENSE"), home.resolve("LICENSE"));
    return home;
  }

  /** Returns the classes and jars that travel: those of tests and of their tools do not. */
  private static Stream<Path> classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(all.split(File.pathSeparator))
        .filter(
            part -> part.contains("/target/") || part.matches(".*(jackson|picocli|protobuf|jcu).*"))
        .filter(part -> !part.contains("test-"))
        .map(Path::of)
        .filter(Files::exists);
  }

  private static String tool(String name, List<String> arguments) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exitCode =
        ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments.toArray(String[]::new));
    assertEquals(0, exitCode, said.toString(StandardCharsets.UTF_8));
    return said.toString(StandardCharsets.UTF_8);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList();
    }
  }
}
