package io.ventral.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version, and the commit if the build knew it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    var build = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      build.load(in);
    }
    var commit = build.getProperty("commit");
    var suffix = commit.isEmpty() ? "" : " (" + commit + ")";
    return new String[] {"ventral " + build.getProperty("version") + suffix};
  }
}
