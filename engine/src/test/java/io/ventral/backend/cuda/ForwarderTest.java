package io.ventral.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library that passes calls for cuBLAS 12 on to cuBLAS 13 is what its source says. */
class ForwarderTest {
  private static final String NAME = "libcublas12to13.so";
  private static final Path SOURCE = Path.of("src", "main", "native", "cublas12to13.c");

  @TempDir Path folder;

  @Test
  @SuppressWarnings("restricted")
  void forwardsWhatIsCalled() {
    try (Arena arena = Arena.ofConfined()) {
      Path file = NativeLibrary.folder().resolve(NAME);
      SymbolLookup lookup = SymbolLookup.libraryLookup(file, arena);
      List<String> missing =
          CudaLibrary.BLAS.symbols().stream()
              .filter(name -> lookup.find(name).isEmpty() || lookup.find("to_" + name).isEmpty())
              .toList();
      assertEquals(List.of(), missing);
    }
  }

  @Test
  void isWhatTheCompilerMakesOfTheSource() throws IOException, InterruptedException {
    assumeTrue(runs("gcc", "--version") && runs("objdump", "--version"), "no gcc, no objdump");
    Path rebuilt = folder.resolve(NAME);
    String command =
        Files.readAllLines(SOURCE).stream()
            .map(line -> line.replaceFirst("^ \\* *", ""))
            .filter(line -> line.startsWith("gcc "))
            .findFirst()
            .orElseThrow()
            .replace(NAME, rebuilt.toAbsolutePath().toString());
    assertEquals("", output(command.split(" ", -1)));
    Path checkedIn = SOURCE.resolveSibling(NAME).toAbsolutePath();
    assertEquals(code(checkedIn), code(rebuilt));
    assertEquals(output("nm", "-D", checkedIn.toString()), output("nm", "-D", rebuilt.toString()));
  }

  /** Returns the instructions, without the line that names the file. */
  private static List<String> code(Path library) throws IOException, InterruptedException {
    return output("objdump", "-d", library.toString())
        .lines()
        .filter(line -> !line.contains("file format"))
        .toList();
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(SOURCE.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
