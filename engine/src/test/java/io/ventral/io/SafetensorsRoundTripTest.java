package io.ventral.io;

import static io.ventral.io.SafetensorsBytes.f32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.ErrorKind;
import io.ventral.io.SafetensorsWriter.Entry;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsRoundTripTest {
  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("file.safetensors");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void tensorsComeBackBitForBit(long seed) {
    Random random = new Random(seed);
    List<Entry> entries = new ArrayList<>();
    for (DType dtype : RandomTensors.DTYPES) {
      HostTensor tensor = RandomTensors.tensor(random, dtype, RandomTensors.shape(random));
      entries.add(new Entry(dtype + "/" + seed, tensor));
    }
    SafetensorsWriter.write(path, entries, Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(entries.stream().map(Entry::name).toList(), file.names());
      assertTrue(file.verify());
      for (Entry entry : entries) {
        try (HostTensor written = entry.tensor();
            HostTensor read = file.read(entry.name())) {
          assertEquals(written.type(), read.type());
          assertEquals(-1, written.memory().mismatch(read.memory()), entry.name());
        }
      }
    }
  }

  @Test
  void rankFourIsRowMajorInTheFile() throws IOException {
    try (HostTensor tensor = HostTensor.zeros(TensorType.of(DType.INT32, 2, 3, 4, 5))) {
      for (int i = 0; i < 120; i++) {
        // Memory order is N, H, W, C.
        tensor.memory().setAtIndex(ValueLayout.JAVA_INT, i, i);
      }
      SafetensorsWriter.write(path, List.of(new Entry("x", tensor)), Map.of());
    }
    ByteBuffer data = data();
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 5; x++) {
            assertEquals(((n * 4 + y) * 5 + x) * 3 + c, data.getInt());
          }
        }
      }
    }
    assertFalse(data.hasRemaining());
  }

  @Test
  void samplesLargerThanABlockAreWrittenWhole() {
    try (HostTensor tensor =
        RandomTensors.tensor(new Random(1), DType.UINT8, Shape.of(3, 5, 1400, 1000))) {
      SafetensorsWriter.write(path, List.of(new Entry("x", tensor)), Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path);
          HostTensor read = file.read("x")) {
        assertEquals(-1, tensor.memory().mismatch(read.memory()));
      }
    }
  }

  @Test
  void theFileShapeMayDifferFromTheLogicalOne() {
    try (HostTensor tensor =
        RandomTensors.tensor(new Random(1), DType.FLOAT32, Shape.of(7, 3, 2, 4))) {
      Entry entry = new Entry("fc.weight", Shape.of(7, 24), tensor);
      SafetensorsWriter.write(path, List.of(entry), Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path);
          HostTensor flat = file.read("fc.weight");
          HostTensor logical = file.read("fc.weight", tensor.type())) {
        assertEquals(List.of(7L, 24L), file.entry("fc.weight").orElseThrow().shape());
        assertArrayEquals(tensor.toRowMajor(), flat.toRowMajor());
        assertEquals(-1, tensor.memory().mismatch(logical.memory()));
        Expected.damaged(
            path,
            "has shape [7, 24]; [7,25] was expected",
            () -> file.read("fc.weight", TensorType.of(DType.FLOAT32, 7, 25)));
      }
    }
  }

  @Test
  void numberFormatsAreConvertedBothWays() {
    TensorType type = TensorType.of(DType.FLOAT64, 2, 2, 1, 1);
    try (HostTensor tensor = HostTensor.ofRowMajor(type, 1 + 0x1p-30, 2.5, -3, 1e10)) {
      Entry entry = new Entry("x", type.shape(), tensor, DType.FLOAT32);
      SafetensorsWriter.write(path, List.of(entry), Map.of());
    }
    try (SafetensorsFile file = SafetensorsFile.open(path);
        HostTensor wide = file.read("x", type);
        HostTensor half = file.read("x", type.with(DType.FLOAT16))) {
      assertEquals("F32", file.entry("x").orElseThrow().dtype());
      assertArrayEquals(new double[] {1, 2.5, -3, 1e10}, wide.toRowMajor());
      assertArrayEquals(new double[] {1, 2.5, -3, Double.POSITIVE_INFINITY}, half.toRowMajor());
    }
  }

  @Test
  void equalContentGivesEqualBytesWhateverTheOrderOfTheMetadata() throws IOException {
    LinkedHashMap<String, String> forwards = new LinkedHashMap<>();
    forwards.put("epoch", "3");
    forwards.put("classes", "[\"Möwe\",\"a\\\"b\"]");
    Map<String, String> backwards = forwards.reversed();
    try (HostTensor tensor = HostTensor.scalar(DType.UINT8, 9)) {
      SafetensorsWriter.write(path, List.of(new Entry("x", tensor)), forwards);
      byte[] first = Files.readAllBytes(path);
      SafetensorsWriter.write(path, List.of(new Entry("x", tensor)), backwards);
      assertArrayEquals(first, Files.readAllBytes(path));
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(forwards.get("classes"), file.metadata().get("classes"));
      assertEquals("2", file.metadata().get("ventral.format"));
    }
    assertEquals(0, headerLength() % 8);
  }

  @Test
  void aFileWithoutTensorsIsPossible() {
    SafetensorsWriter.write(path, List.of(), Map.of("a", "b"));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of(), file.names());
      assertTrue(file.verify());
    }
  }

  @Test
  void everyDamagedDataByteIsNoticed() throws IOException {
    try (HostTensor tensor =
        RandomTensors.tensor(new Random(1), DType.FLOAT32, Shape.of(2, 3, 2, 2))) {
      SafetensorsWriter.write(path, List.of(new Entry("x", tensor)), Map.of());
    }
    byte[] intact = Files.readAllBytes(path);
    for (int i = intact.length - 96; i < intact.length; i++) {
      byte[] bytes = intact.clone();
      bytes[i] ^= 16;
      Files.write(path, bytes);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        Expected.damaged(path, "checksum", file::verify);
      }
    }
  }

  /** So files were written before the header was guarded too. */
  @Test
  void formatOneGuardsItsDataAlone() throws IOException {
    String json = "{\"__metadata__\":{\"ventral.crc32c\":\"%08x\"},%s}";
    CRC32C checksum = new CRC32C();
    checksum.update(new byte[16]);
    String tensors = "%s,%s".formatted(f32("a", "[0,8]"), f32("b", "[8,16]"));
    int right = (int) checksum.getValue();
    Files.write(path, SafetensorsBytes.file(json.formatted(right, tensors)));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertTrue(file.verify());
    }
    Files.write(path, SafetensorsBytes.file(json.formatted(right ^ 1, tensors)));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Expected.damaged(path, "checksum", file::verify);
    }
  }

  @Test
  void aNewerFormatIsNamed() throws IOException {
    Files.write(
        path,
        SafetensorsBytes.file(
            "{\"__metadata__\":{\"ventral.crc32c\":\"00000000\",\"ventral.format\":\"3\"},%s,%s}"
                .formatted(f32("a", "[0,8]"), f32("b", "[8,16]"))));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Expected.damaged(path, "is of format 3; this version reads 2", file::verify);
    }
  }

  @Test
  void aMissingFileOrADirectoryIsTheCallersError() {
    Expected.error(ErrorKind.USER, path, () -> SafetensorsFile.open(path));
    Expected.error(ErrorKind.USER, directory, () -> SafetensorsFile.open(directory));
  }

  private long headerLength() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private ByteBuffer data() throws IOException {
    int start = (int) (8 + headerLength());
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).position(start);
  }
}
