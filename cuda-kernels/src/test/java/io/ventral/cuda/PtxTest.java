package io.ventral.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PTX that is checked in: made from the sources as they are, and accepted by every GPU. */
class PtxTest {
  private static final Path SOURCES = Path.of("src/main/cuda");

  @Test
  void everySourceHasItsPtx() throws IOException {
    List<String> families = new ArrayList<>();
    try (var sources = Files.newDirectoryStream(SOURCES, "*.cu")) {
      sources.forEach(source -> families.add(name(source, ".cu")));
    }
    assertEquals(
        families.stream().sorted().toList(), PtxFile.all().stream().map(PtxFile::name).toList());
  }

  @Test
  void oldDriversAndGpusAcceptIt() {
    for (PtxFile file : PtxFile.all()) {
      assertTrue(file.text().contains("\n.version 7.8\n"), file.name() + ": PTX version");
      assertTrue(file.text().contains("\n.target sm_75\n"), file.name() + ": target");
    }
  }

  /** Another version of the compiler writes other text, so only the one that made it can tell. */
  @Test
  void isWhatTheSourcesCompileTo(@TempDir Path folder) throws Exception {
    String compiler = PtxFile.all().getFirst().compiler();
    Optional<String> present = nvcc();
    assumeTrue(present.isPresent(), "skipped: no nvcc to rebuild the PTX with");
    assumeTrue(
        present.get().equals(compiler),
        "skipped: the PTX is of nvcc " + compiler + ", here is " + present.get());
    Command built = Command.run("./build-ptx", folder.toString());
    assertEquals(0, built.status(), built.output());
    for (PtxFile file : PtxFile.all()) {
      String rebuilt = Files.readString(folder.resolve(file.name() + ".ptx"));
      assertTrue(rebuilt.equals(file.text()), file.name() + ".ptx is old: run build-ptx");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 120})
  void isAssembledForTheOldestAndTheNewestGpu(int architecture) throws Exception {
    assemble(architecture);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {80, 86, 87, 89, 90, 100, 103, 110, 121})
  void isAssembledForAllOthers(int architecture) throws Exception {
    assemble(architecture);
  }

  private static void assemble(int architecture) throws Exception {
    assumeTrue(Command.exists("ptxas"), "skipped: no ptxas to assemble the PTX with");
    for (PtxFile file : PtxFile.all()) {
      Command assembled =
          Command.run(
              "ptxas", "-arch=sm_" + architecture, file.path().toString(), "-o", "/dev/null");
      assertEquals(0, assembled.status(), file.name() + ": " + assembled.output());
    }
  }

  private static Optional<String> nvcc() throws Exception {
    if (!Command.exists("nvcc")) {
      return Optional.empty();
    }
    Matcher version =
        Pattern.compile(" V([0-9.]+)").matcher(Command.run("nvcc", "--version").output());
    return version.find() ? Optional.of(version.group(1)) : Optional.empty();
  }

  private static String name(Path file, String suffix) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - suffix.length());
  }
}
