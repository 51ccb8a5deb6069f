package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void writesANewFileAndReplacesAnOldOne() throws IOException {
    Path target = directory.resolve("file");
    AtomicFile.write(target, OLD);
    assertEquals("old", Files.readString(target));
    AtomicFile.write(target, NEW);
    assertEquals("new content", Files.readString(target));
    assertEquals(List.of(target), content());
  }

  @Test
  void theOldFileIsWholeWhileTheNewOneIsWritten() throws IOException {
    Path target = directory.resolve("file");
    AtomicFile.write(target, OLD);
    AtomicFile.write(
        target,
        NEW.length,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(NEW));
          assertEquals("old", Files.readString(target));
        });
    assertEquals("new content", Files.readString(target));
  }

  @Test
  void aReaderAlwaysFindsAWholeFile() throws Exception {
    Path target = directory.resolve("file");
    AtomicFile.write(target, filled(0));
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i <= 100; i++) {
                    AtomicFile.write(target, filled(i));
                  }
                });
    while (writer.isAlive()) {
      byte[] found = Files.readAllBytes(target);
      assertArrayEquals(filled(found[0]), found);
    }
    writer.join();
    assertArrayEquals(filled(100), Files.readAllBytes(target));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Path target = directory.resolve("file");
    AtomicFile.write(target, OLD);
    EngineException error =
        Expected.error(
            ErrorKind.RESOURCE, target, () -> AtomicFile.write(target, 123_456, this::fillDisk));
    assertTrue(error.getMessage().contains("No space left on device"), error.getMessage());
    assertTrue(error.getMessage().contains("123,456 bytes wanted"), error.getMessage());
    assertTrue(error.getMessage().contains("bytes free"), error.getMessage());
    assertOnlyOldFile(target);
  }

  @Test
  void anExceptionOfTheContentPassesAndLeavesTheOldFile() throws IOException {
    Path target = directory.resolve("file");
    AtomicFile.write(target, OLD);
    EngineException thrown = EngineException.data("the content's own");
    EngineException caught =
        assertThrows(
            EngineException.class,
            () ->
                AtomicFile.write(
                    target,
                    3,
                    channel -> {
                      throw thrown;
                    }));
    assertSame(thrown, caught);
    assertOnlyOldFile(target);
  }

  @Test
  void aFailedFirstWriteLeavesNothing() throws IOException {
    Path target = directory.resolve("file");
    Expected.error(
        ErrorKind.RESOURCE,
        target,
        () ->
            AtomicFile.write(
                target,
                3,
                channel -> {
                  throw new IOException("disk failed");
                }));
    assertEquals(List.of(), content());
  }

  @Test
  void aMissingDirectoryIsTheCallersError() {
    Path target = directory.resolve("missing").resolve("file");
    EngineException error =
        Expected.error(ErrorKind.USER, target, () -> AtomicFile.write(target, NEW));
    assertTrue(error.getMessage().contains("does not exist"), error.getMessage());
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsTheCallersError() {
    Path file = directory.resolve("file");
    AtomicFile.write(file, OLD);
    Path target = file.resolve("below");
    Expected.error(ErrorKind.USER, target, () -> AtomicFile.write(target, NEW));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDirectoryThatTakesNoFilesIsTheCallersError() {
    // /proc takes files from nobody, the superuser included.
    Path target = Path.of("/proc/file");
    Expected.error(ErrorKind.USER, target, () -> AtomicFile.write(target, NEW));
  }

  @Test
  void aDirectoryIsNotReplaced() {
    Expected.error(ErrorKind.USER, directory, () -> AtomicFile.write(directory, NEW));
    assertTrue(Files.isDirectory(directory));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceIsNotReplaced() {
    Path device = Path.of("/dev/full");
    Expected.error(ErrorKind.USER, device, () -> AtomicFile.write(device, NEW));
    assertTrue(Files.exists(device) && !Files.isRegularFile(device));
  }

  /** Writes a little, then meets the system's own error of a full disk. */
  private void fillDisk(FileChannel channel) throws IOException {
    AtomicFile.writeFully(channel, ByteBuffer.wrap(NEW));
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      AtomicFile.writeFully(full, ByteBuffer.wrap(NEW));
    }
  }

  private void assertOnlyOldFile(Path target) throws IOException {
    assertEquals("old", Files.readString(target));
    assertEquals(List.of(target), content());
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[1 << 20];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private List<Path> content() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
