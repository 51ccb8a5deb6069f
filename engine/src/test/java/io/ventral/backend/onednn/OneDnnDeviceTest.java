package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.NativeLibrary;
import io.ventral.backend.onednn.library.NativeLibraries;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnDeviceTest {
  private static final DeviceId ID = new DeviceId(DeviceKind.CPU, 0);

  @TempDir private Path folder;

  @Test
  void saysWhatItIs() {
    try (OneDnnDevice device = new OneDnnDevice(ID, 1, NativeLibrary.folder())) {
      assertTrue(
          device
              .description()
              .matches("oneDNN \\d+\\.\\d+\\.\\d+, \\w+, float32[\\w ,]+, 1 threads, /.*"),
          device.description());
    }
  }

  @Test
  void closesTwice() {
    OneDnnDevice device = new OneDnnDevice(ID, 1, NativeLibrary.folder());
    device.close();
    assertDoesNotThrow(device::close);
  }

  @Test
  void refusesMoreMemoryThanThereIs() {
    try (OneDnnDevice device = new OneDnnDevice(ID, 1, NativeLibrary.folder())) {
      EngineException refused =
          assertThrows(EngineException.class, () -> device.allocate("activations", 1L << 50));
      assertEquals(ErrorKind.RESOURCE, refused.kind());
    }
  }

  @Test
  void missingLibraryIsNamed() {
    fails("oneDNN (libdnnl.so.3, libgomp.so.1) is missing");
  }

  @Test
  void oneMissingLibraryIsNamed() throws IOException {
    Files.copy(
        NativeLibrary.folder().resolve(NativeLibraries.OPENMP.name()),
        folder.resolve(NativeLibraries.OPENMP.name()));
    fails("libdnnl.so.3 is missing");
  }

  @Test
  void damagedLibraryIsNamed() throws IOException {
    Files.writeString(folder.resolve(NativeLibraries.OPENMP.name()), "no library");
    fails("libgomp.so.1 is damaged or of another version");
  }

  private void fails(String says) {
    EngineException failure =
        assertThrows(EngineException.class, () -> new OneDnnDevice(ID, 1, folder));
    assertEquals(ErrorKind.DEVICE, failure.kind());
    assertTrue(failure.getMessage().contains(says), failure.getMessage());
  }
}
