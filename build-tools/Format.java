import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java file of the project in Google style, 100 columns. Run in the project's root.
 *
 * <p>{@code check} names the files that would change and exits with 1; {@code write} changes them.
 */
final class Format {
  public static void main(String[] args) throws Exception {
    var check = args[0].equals("check");
    var options = check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace");
    var arguments = Stream.concat(options.stream(), javaFiles().stream()).toArray(String[]::new);

    var out = new PrintWriter(System.out, true, UTF_8);
    var err = new PrintWriter(System.err, true, UTF_8);
    var exit = new Main(out, err, System.in).format(arguments);
    if (check && exit != 0) {
      err.println("These files are not formatted; to format them: mvn -N verify -Dformat=write");
    }
    System.exit(exit);
  }

  private static List<String> javaFiles() throws IOException {
    try (var paths = Files.walk(Path.of(""))) {
      return paths
          .map(Path::toString)
          .filter(path -> path.endsWith(".java") && !path.contains("target/"))
          .sorted()
          .toList();
    }
  }
}
