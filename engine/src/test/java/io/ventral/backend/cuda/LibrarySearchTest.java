package io.ventral.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.NativeLibrary;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  @TempDir Path folder;

  @Test
  void anExplicitSettingIsAllThatCounts() {
    Map<String, String> environment =
        Map.of("VENTRAL_CUDA_LIBRARIES", "/a:/b", "LD_LIBRARY_PATH", folder.toString());
    LibrarySearch byVariable = LibrarySearch.of(Optional.empty(), environment, folder);
    assertEquals(List.of(Path.of("/a"), Path.of("/b")), byVariable.folders());
    LibrarySearch byProperty = LibrarySearch.of(Optional.of("/c"), environment, folder);
    assertEquals(List.of(Path.of("/c")), byProperty.folders());
  }

  @Test
  void foldersOfPythonPackagesComeLast() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path first = Files.createDirectory(folder.resolve("first"));
    Path packages =
        Files.createDirectories(
            folder.resolve("env/lib/python3.12/site-packages/nvidia/cudnn/lib"));
    Map<String, String> environment =
        Map.of(
            "LD_LIBRARY_PATH", first + ":/none", "VIRTUAL_ENV", folder.resolve("env").toString());
    List<Path> folders = LibrarySearch.of(Optional.empty(), environment, own).folders();
    assertEquals(first, folders.getFirst());
    assertTrue(folders.indexOf(own) < folders.indexOf(packages), folders.toString());
    assertTrue(folders.contains(packages), folders.toString());
  }

  @Test
  void aMissingLibraryIsNamedWithThePlacesLookedAt() {
    LibrarySearch search = new LibrarySearch(List.of(folder));
    EngineException error =
        assertThrows(
            EngineException.class,
            () -> CudaLibraries.load(CudaLibrary.DNN, search, NativeLibrary.folder()));
    assertEquals(ErrorKind.DEVICE, error.kind());
    assertEquals(
        "cuda: no usable libcudnn.so.9: there is none; looked in " + folder, error.getMessage());
  }

  @Test
  void whatIsWrongWithAFileIsSaid() throws IOException {
    Files.writeString(folder.resolve("libcudnn.so.9"), "no library");
    LibrarySearch search = new LibrarySearch(List.of(folder));
    EngineException error =
        assertThrows(
            EngineException.class,
            () -> CudaLibraries.load(CudaLibrary.DNN, search, NativeLibrary.folder()));
    assertTrue(error.getMessage().contains("libcudnn.so.9 cannot be loaded"), error.getMessage());
  }

  /** The forwarder is a library, but none of cuDNN's functions is in it. */
  @Test
  void aLibraryOfAnotherVersionIsRefusedBeforeItIsCalled() throws IOException {
    Files.copy(
        NativeLibrary.folder().resolve("libcublas12to13.so"), folder.resolve("libcudnn.so.9"));
    LibrarySearch search = new LibrarySearch(List.of(folder));
    EngineException error =
        assertThrows(
            EngineException.class,
            () -> CudaLibraries.load(CudaLibrary.DNN, search, NativeLibrary.folder()));
    assertTrue(error.getMessage().contains("it lacks [cudnnGetVersion"), error.getMessage());
  }
}
