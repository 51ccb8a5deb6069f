package io.ventral.io;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that a reader sees whole, the old one or the new one, even if the machine stops in
 * between: temporary file in the same directory, force, rename, force of the directory.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What goes into the file; the channel starts empty and may be written at any position. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Replaces {@code target} by a file that holds {@code bytes}.
   *
   * @throws EngineException as {@link #write(Path, long, Content)}
   */
  public static void write(Path target, byte[] bytes) {
    write(target, bytes.length, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /**
   * Replaces {@code target} by a file with this content. On any failure, one thrown by the content
   * included, the old file is untouched and the temporary one is gone.
   *
   * @param bytes the size to come, for the message when there is no room
   * @throws EngineException USER if the directory is missing or not writable, or the target exists
   *     and is no file; RESOURCE if the disk is full or fails
   */
  public static void write(Path target, long bytes, Content content) {
    Path directory = checkedDirectory(target);
    Path temporary =
        directory.resolve(".ventral-%016x.tmp".formatted(ThreadLocalRandom.current().nextLong()));
    FileChannel created = create(target, temporary, bytes);
    try {
      try (FileChannel channel = created) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(temporary, target, ATOMIC_MOVE);
    } catch (IOException e) {
      // Room is reported as it is without our own half-written file.
      deleteQuietly(temporary);
      throw failed(target, directory, bytes, e);
    } finally {
      deleteQuietly(temporary);
    }
    forceDirectory(directory);
  }

  /** Writes all remaining bytes; a channel may take fewer than it is given. */
  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Path checkedDirectory(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(target)) {
      throw EngineException.user(target + ": is a directory; a file name was expected");
    }
    // Renaming over /dev/null would replace the device.
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw EngineException.user(target + ": is no regular file and cannot be replaced by one");
    }
    if (!Files.isDirectory(directory)) {
      throw EngineException.user("%s: directory %s does not exist".formatted(target, directory));
    }
    return directory;
  }

  private static FileChannel create(Path target, Path temporary, long bytes) {
    Path directory = temporary.getParent();
    try {
      return FileChannel.open(temporary, CREATE_NEW, WRITE);
    } catch (IOException e) {
      boolean refused = e instanceof NoSuchFileException || e instanceof AccessDeniedException;
      if (!refused && Files.isWritable(directory)) {
        throw failed(target, directory, bytes, e);
      }
      throw new EngineException(
          ErrorKind.USER,
          "%s: no file can be created in directory %s (%s)".formatted(target, directory, reason(e)),
          e);
    }
  }

  private static EngineException failed(
      Path target, Path directory, long bytes, IOException cause) {
    String message =
        String.format(
            Locale.ROOT,
            "%s: cannot be written (%s): %,d bytes wanted, %,d bytes free in %s",
            target,
            reason(cause),
            bytes,
            freeBytes(directory),
            directory);
    return new EngineException(ErrorKind.RESOURCE, message, cause);
  }

  private static String reason(IOException cause) {
    return cause.getMessage() == null
        ? cause.getClass().getSimpleName()
        : cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  private static long freeBytes(Path directory) {
    return directory.toFile().getUsableSpace();
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The error that led here is the one to report.
    }
  }

  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Some network file systems refuse this; the new file is in place and whole either way.
    }
  }
}
