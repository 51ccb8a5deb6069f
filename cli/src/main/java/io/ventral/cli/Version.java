package io.ventral.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version, and the commit if the build knew it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** Returns name, version and commit. */
  static String text() {
    var commit = build().getProperty("commit");
    var suffix = commit.isEmpty() ? "" : " (" + commit + ")";
    return "ventral " + number() + suffix;
  }

  /** Returns the version alone. */
  static String number() {
    return build().getProperty("version");
  }

  private static Properties build() {
    var build = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      build.load(in);
      return build;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
