package io.ventral.backend.onednn;

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
import java.util.Map;

/** Finds oneDNN's libraries and makes sure that they are those that the project was built for. */
public final class NativeLibraries {
  static final String ONEDNN = "libdnnl.so.3";
  static final String OPENMP = "libgomp.so.1";

  /** SHA-256 of the files in {@code org.bytedeco:dnnl:3.11-1.5.13}, classifier linux-x86_64. */
  private static final Map<String, String> HASHES =
      Map.of(
          ONEDNN, "a8948803c5718bac623b664be77fb47e24328e8693997e96e02c4308b0ee826f",
          OPENMP, "115302e45583ad3e8df681c0a5af4c8273b7399f764965280d70d8780e5ee454");

  private NativeLibraries() {}

  /**
   * Returns the folder in which the libraries should lie: that of system property {@code
   * ventral.libraries}, else that of the engine's own jar.
   */
  public static Path folder() {
    String given = System.getProperty("ventral.libraries");
    if (given != null) {
      return Path.of(given);
    }
    try {
      Path jar =
          Path.of(
              NativeLibraries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.getParent();
    } catch (URISyntaxException e) {
      throw new EngineException(ErrorKind.INTERNAL, "the engine's own place: " + e, e);
    }
  }

  /**
   * Returns {@code folder} after checking both libraries.
   *
   * @throws EngineException DEVICE if one is missing, or is not the one that belongs here
   */
  static Path verified(Path folder) {
    verify(folder.resolve(OPENMP), HASHES.get(OPENMP));
    verify(folder.resolve(ONEDNN), HASHES.get(ONEDNN));
    return folder;
  }

  private static void verify(Path file, String expected) {
    if (!Files.isRegularFile(file)) {
      throw EngineException.device("cpu: " + file + " is missing; build again (mvn package)");
    }
    String found = sha256(file);
    if (!found.equals(expected)) {
      throw EngineException.device(
          "cpu: %s is damaged or of another version: its SHA-256 begins %s, expected %s; build again (mvn package)"
              .formatted(file, found.substring(0, 12), expected.substring(0, 12)));
    }
  }

  private static String sha256(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new EngineException(ErrorKind.DEVICE, "cpu: " + file + " cannot be read: " + e, e);
    }
  }
}
