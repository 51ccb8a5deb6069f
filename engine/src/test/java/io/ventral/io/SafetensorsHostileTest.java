package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.io.SafetensorsWriter.Entry;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHostileTest {
  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("hostile.safetensors");
  }

  @Test
  void whatPyTorchWritesIsNamed() throws IOException {
    for (byte[] begin :
        List.of(new byte[] {'P', 'K', 3, 4}, new byte[] {(byte) 0x80, 2, (byte) 0x8A, 10})) {
      Files.write(path, Arrays.copyOf(begin, 64));
      Expect.error(
          ErrorKind.UNSUPPORTED, () -> SafetensorsFile.open(path), "PyTorch", ".safetensors");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not JSON | not valid JSON",
        "`` | not a JSON object",
        "[] | not a JSON object",
        "{} | holds 16 bytes of data; its header describes 0",
        "{}{} | goes on behind the end",
        "{\"a\": | not valid JSON",
        "{\"a\":3} | exactly dtype, shape and data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4]}} | exactly dtype, shape and data_offsets",
        "{\"__metadata__\":[]} | no JSON object",
        "{\"__metadata__\":{\"a\":1}} | metadata a is no string",
        "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}} | Duplicate",
      })
  void jsonThatIsNoHeader(String json, String message) throws IOException {
    refused(json, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'F32' | [4] | [0,16,16] | a begin and an end",
        "'F32' | [4] | [16,0] | a begin and an end",
        "'F32' | [4] | 16 | no array",
        "'F32' | [4] | [0,1e2] | whole numbers",
        "'F32' | [4] | [-16,0] | whole numbers",
        "'F32' | [-4] | [0,16] | whole numbers",
        "'F32' | [4.0] | [0,16] | whole numbers",
        "'F32' | ['4'] | [0,16] | whole numbers",
        "'F32' | [99999999999999999999] | [0,16] | whole numbers",
        "'F32' | [4294967296,4294967296] | [0,16] | more bytes than 63 bits can count",
        "'F32' | [9223372036854775807] | [0,16] | more bytes than 63 bits can count",
        "'F32' | [5] | [0,16] | 16 bytes; 20 were expected",
        "'F32' | [5] | [0,20] | holds 16 bytes of data; its header describes 20",
        "'F32' | [3] | [0,12] | holds 16 bytes of data; its header describes 12",
        "'F32' | [3] | [4,16] | begins at data byte 4; the tensor before it ends at 0",
        "7 | [4] | [0,16] | dtype is no string",
      })
  void anEntryThatCannotBe(String dtype, String shape, String offsets, String message)
      throws IOException {
    refused(
        "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
            .formatted(dtype, shape, offsets)
            .replace('\'', '"'),
        message);
  }

  @Test
  void tensorsThatOverlapOrLeaveAGap() throws IOException {
    refused(
        SafetensorsBytes.two("[0,8]", "[4,12]"),
        "tensor b begins at data byte 4; the tensor before it ends at 8");
    refused(
        SafetensorsBytes.two("[0,8]", "[0,8]"),
        "begins at data byte 0; the tensor before it ends at 8");
    refused(SafetensorsBytes.two("[0,8]", "[10,18]"), "tensor b begins at data byte 10");
    refused(
        "{%s,%s}"
            .formatted(SafetensorsBytes.f32("a", "[0,8]"), SafetensorsBytes.f32("a", "[8,16]")),
        "Duplicate");
  }

  @Test
  void dataInAnotherOrderThanTheHeaderIsFine() throws IOException {
    Files.write(path, SafetensorsBytes.file(SafetensorsBytes.two("[8,16]", "[0,8]")));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of("a", "b"), file.names());
    }
  }

  @Test
  void anUnknownTypeOrAnEmptyTensorHurtsOnlyWhenRead() throws IOException {
    Files.write(
        path,
        SafetensorsBytes.file(
            "{\"odd\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]},"
                + SafetensorsBytes.f32("good", "[8,16]")
                + ",\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[16,16]}}"));
    try (SafetensorsFile file = SafetensorsFile.open(path);
        HostTensor good = file.read("good")) {
      assertEquals(TensorType.of(DType.FLOAT32, 2), good.type());
      Expected.damaged(path, "tensor odd is of type F8_E4M3", () -> file.read("odd"));
      Expected.damaged(path, "tensor none has shape [0, 3]", () -> file.read("none"));
      Expected.damaged(path, "has no tensor nothing among its 3", () -> file.read("nothing"));
    }
  }

  @Test
  void headerLengthsBeyondTheFileOrReason() throws IOException {
    for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 17, 1L << 32}) {
      Files.write(path, SafetensorsBytes.withLength(length, new byte[16]));
      Expected.damaged(path, "says its header is", () -> SafetensorsFile.open(path));
    }
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(SafetensorsBytes.withLength(100_000_001, new byte[0]));
      sparse.setLength(1L << 30);
    }
    Expected.damaged(path, "at most 100,000,000", () -> SafetensorsFile.open(path));
  }

  @Test
  void textThatIsNotUtf8() throws IOException {
    Files.write(path, SafetensorsBytes.withLength(2, new byte[] {(byte) 0xC3, '{'}));
    Expected.damaged(path, "not UTF-8", () -> SafetensorsFile.open(path));
  }

  @Test
  void namesCannotBreakTheMessage() throws IOException {
    String json = "{\"a\\nb\\u001b[2J%s" + "x".repeat(5000) + "\":3}";
    Files.write(path, SafetensorsBytes.file(json));
    EngineException error = Expected.error(ErrorKind.DATA, path, () -> SafetensorsFile.open(path));
    assertTrue(error.getMessage().contains("a?b?[2J%s"), error.getMessage());
    assertTrue(error.getMessage().length() < 1000, error.getMessage());
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    refused("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", "not valid JSON");
  }

  @Test
  void everyTruncationAndEveryTrailingByte() throws IOException {
    byte[] intact = intact();
    for (int length = 0; length < intact.length; length++) {
      Files.write(path, Arrays.copyOf(intact, length));
      Expected.error(ErrorKind.DATA, path, () -> SafetensorsFile.open(path));
    }
    Files.write(path, Arrays.copyOf(intact, intact.length + 1));
    Expected.error(ErrorKind.DATA, path, () -> SafetensorsFile.open(path));
  }

  /** In the length, the names, the metadata, the checksum itself, the data. */
  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] intact = intact();
    for (int bit = 0; bit < intact.length * 8; bit++) {
      byte[] bytes = intact.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path, bytes);
      Expected.error(ErrorKind.DATA, path, () -> verify(path));
    }
    Files.write(path, intact);
    assertTrue(verify(path));
  }

  private static boolean verify(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return file.verify();
    }
  }

  private byte[] intact() throws IOException {
    try (HostTensor a = HostTensor.zeros(TensorType.of(DType.FLOAT32, 3, 4));
        HostTensor b = HostTensor.zeros(TensorType.of(DType.INT64))) {
      SafetensorsWriter.write(path, List.of(new Entry("a", a), new Entry("b", b)), Map.of());
    }
    return Files.readAllBytes(path);
  }

  private void refused(String json, String message) throws IOException {
    Files.write(path, SafetensorsBytes.file(json));
    Expected.damaged(path, message, () -> SafetensorsFile.open(path));
  }
}
