package io.ventral.backend;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A library of machine code that travels with the engine.
 *
 * @param name of the file
 * @param sha256 of the one file that the project was built for, in hexadecimal digits
 */
public record NativeLibrary(String name, String sha256) {
  private static final int SHOWN_DIGITS = 12;

  /**
   * Returns the folder in which such libraries should lie: that of system property {@code
   * ventral.libraries}, else that of the engine's own jar.
   */
  public static Path folder() {
    String given = System.getProperty("ventral.libraries");
    if (given != null) {
      return Path.of(given);
    }
    try {
      Path jar =
          Path.of(NativeLibrary.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.getParent();
    } catch (URISyntaxException e) {
      throw new EngineException(ErrorKind.INTERNAL, "the engine's own place: " + e, e);
    }
  }

  /**
   * Returns the file in {@code folder} after checking it.
   *
   * @param user what needs it, named in the error
   * @throws EngineException DEVICE if it is missing, or is not the one that belongs here
   */
  public Path verified(String user, Path folder) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw EngineException.device(user + ": " + file + " is missing; build again (mvn package)");
    }
    String found = sha256(user, file);
    if (!found.equals(sha256)) {
      throw EngineException.device(
          "%s: %s is damaged or of another version: its SHA-256 begins %s, expected %s; build again (mvn package)"
              .formatted(
                  user, file, found.substring(0, SHOWN_DIGITS), sha256.substring(0, SHOWN_DIGITS)));
    }
    return file;
  }

  private static String sha256(String user, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new EngineException(ErrorKind.DEVICE, user + ": " + file + " cannot be read: " + e, e);
    }
  }
}
