package io.ventral.cli;

import io.ventral.backend.NativeLibrary;
import io.ventral.cli.bundle.Bundle;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Packs Ventral for GPU machines without Java. */
@Command(
    name = "bundle",
    description = "Packs Ventral and its Java into one file for GPU machines; without oneDNN.",
    mixinStandardHelpOptions = true,
    footer = "%nExample: ventral bundle --output-dir /media/stick")
final class BundleCommand implements Callable<Integer> {
  @Option(
      names = "--output-dir",
      paramLabel = "FOLDER",
      description = "Where the file goes (default: here).",
      defaultValue = ".")
  Path folder;

  @Mixin final MessageFlags say = new MessageFlags();

  @Override
  public Integer call() {
    if (!Files.isDirectory(folder)) {
      throw EngineException.user(folder + ": no such folder");
    }
    Path jdk = Path.of(System.getProperty("java.home"));
    say.messages().info("packing, which takes a minute or two");
    Thread writing = Thread.currentThread();
    Interruption interruption =
        new Interruption(writing::interrupt, "what was begun was not removed");
    try {
      print(new Bundle(distribution(), jdk, Version.number()).write(folder));
      return 0;
    } catch (InterruptedException e) {
      System.err.println("ventral: interrupted; nothing was written");
      return Interruption.EXIT_CODE;
    } finally {
      interruption.end();
    }
  }

  private void print(Path file) {
    try {
      System.out.printf("%s  %s%n", sha256(file), file.normalize());
      say.messages().info("%.1f MB".formatted(Files.size(file) / 1e6));
    } catch (IOException e) {
      throw new EngineException(ErrorKind.RESOURCE, file + ": " + e, e);
    }
  }

  private static Path distribution() {
    return Optional.ofNullable(NativeLibrary.folder().getParent())
        .filter(home -> Files.isRegularFile(home.resolve("ventral")))
        .orElseThrow(
            () -> EngineException.unsupported("bundle needs the launcher: ./ventral bundle"));
  }

  private static String sha256(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw EngineException.internal("SHA-256: " + e);
    }
  }
}
