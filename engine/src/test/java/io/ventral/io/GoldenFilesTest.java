package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.testing.TestData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that other programs wrote. */
class GoldenFilesTest {
  private static final Path TINY = TestData.path("golden/files/tiny.safetensors");
  private static final Path INPUT = TestData.path("golden/files/tiny_input.npy");
  private static final Path LOGITS = TestData.path("golden/files/tiny_logits.npy");

  @TempDir Path directory;

  @Test
  void weightsAsTorchWritesThem() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(TINY);
        HostTensor filter = file.read("conv1.weight");
        HostTensor batches = file.read("bn1.num_batches_tracked")) {
      assertFalse(file.verify());
      assertEquals("bn1.num_batches_tracked", file.names().getFirst());
      assertEquals(TensorType.of(DType.FLOAT32, 8, 3, 3, 3), filter.type());
      assertArrayEquals(floats(TINY, dataStart(TINY) + 168, 216), filter.toRowMajor());
      assertEquals(TensorType.of(DType.INT64), batches.type());
      assertEquals(1, batches.value());
    }
  }

  @Test
  void theFullyConnectedWeightAsAFilter() throws IOException {
    TensorType logical = TensorType.of(DType.FLOAT64, 10, 16, 4, 4);
    try (SafetensorsFile file = SafetensorsFile.open(TINY);
        HostTensor weight = file.read("fc.weight", logical)) {
      assertEquals(List.of(10L, 256L), file.entry("fc.weight").orElseThrow().shape());
      assertArrayEquals(floats(TINY, dataStart(TINY) + 3440, 2560), weight.toRowMajor());
    }
  }

  @Test
  void everyOperatorTensorCanBeRead() {
    try (SafetensorsFile file = SafetensorsFile.open(TestData.path("golden/ops.safetensors"))) {
      assertFalse(file.names().isEmpty());
      for (String name : file.names()) {
        try (HostTensor tensor = file.read(name)) {
          assertEquals(file.entry(name).orElseThrow().bytes(), tensor.type().bytes());
        }
      }
    }
  }

  @Test
  void arraysAsNumpyWritesThem() throws IOException {
    try (HostTensor input = NpyFile.read(INPUT);
        HostTensor logits = NpyFile.read(LOGITS)) {
      assertEquals(TensorType.of(DType.FLOAT32, 4, 3, 16, 16), input.type());
      assertArrayEquals(floats(INPUT, 128, 3072), input.toRowMajor());
      assertEquals(TensorType.of(DType.FLOAT32, 4, 10), logits.type());
    }
  }

  @Test
  void writtenArraysAreNumpysByteForByte() throws IOException {
    for (Path golden : List.of(INPUT, LOGITS)) {
      Path copy = directory.resolve("copy.npy");
      try (HostTensor array = NpyFile.read(golden)) {
        NpyFile.write(copy, array);
      }
      assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(copy));
    }
  }

  private static int dataStart(Path path) throws IOException {
    return 8 + littleEndian(path).getInt();
  }

  private static double[] floats(Path path, int start, int count) throws IOException {
    ByteBuffer bytes = littleEndian(path).position(start);
    double[] values = new double[count];
    Arrays.setAll(values, i -> bytes.getFloat());
    return values;
  }

  private static ByteBuffer littleEndian(Path path) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
