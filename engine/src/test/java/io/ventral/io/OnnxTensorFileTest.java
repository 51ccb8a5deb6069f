package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTensorFileTest {
  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("input_0.pb");
  }

  @Test
  void rawDataIsRowMajor() throws IOException {
    byte[] raw = new byte[120];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) i;
    }
    write(
        out -> {
          OnnxBytes.dims(out, 2, 3, 4, 5);
          out.writeInt32(OnnxBytes.DATA_TYPE, 2);
          out.writeString(OnnxBytes.NAME, "x");
          out.writeByteArray(OnnxBytes.RAW_DATA, raw);
        });
    try (HostTensor tensor = OnnxTensorFile.read(path)) {
      assertEquals(TensorType.of(DType.UINT8, 2, 3, 4, 5), tensor.type());
      // The second element in memory is the second channel, 20 elements on in the file.
      assertEquals(20, tensor.memory().get(ValueLayout.JAVA_BYTE, 1));
      double[] values = new double[120];
      Arrays.setAll(values, i -> i);
      assertArrayEquals(values, tensor.toRowMajor());
    }
  }

  @Test
  void floatDataPackedOrNot() throws IOException {
    write(
        out -> {
          OnnxBytes.dims(out, 3);
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
          out.writeTag(OnnxBytes.FLOAT_DATA, 2);
          out.writeUInt32NoTag(8);
          out.writeFloatNoTag(1.5f);
          out.writeFloatNoTag(-2.25f);
          out.writeFloat(OnnxBytes.FLOAT_DATA, 7);
        });
    assertTensor(TensorType.of(DType.FLOAT32, 3), 1.5, -2.25, 7);
  }

  @Test
  void dimsMayBePackedAndFieldsInAnyOrder() throws IOException {
    write(
        out -> {
          out.writeDouble(OnnxBytes.DOUBLE_DATA, 0.1);
          out.writeDouble(OnnxBytes.DOUBLE_DATA, -0.2);
          out.writeInt32(OnnxBytes.DATA_TYPE, 11);
          out.writeByteArray(OnnxBytes.DIMS, new byte[] {2, 1});
        });
    assertTensor(TensorType.of(DType.FLOAT64, 2, 1), 0.1, -0.2);
  }

  @Test
  void integersAndWhatLiesInInt32Data() throws IOException {
    write(OnnxBytes.integers(7, OnnxBytes.INT64_DATA, -1L << 62));
    assertTensor(TensorType.of(DType.INT64), -0x1p62);
    write(OnnxBytes.integers(6, OnnxBytes.INT32_DATA, -5));
    assertTensor(TensorType.of(DType.INT32), -5);
    write(OnnxBytes.integers(9, OnnxBytes.INT32_DATA, 1));
    assertTensor(TensorType.of(DType.UINT8), 1);
    write(OnnxBytes.integers(10, OnnxBytes.INT32_DATA, 0xBC00));
    assertTensor(TensorType.of(DType.FLOAT16), -1);
    write(OnnxBytes.integers(16, OnnxBytes.INT32_DATA, 0x4049));
    assertTensor(TensorType.of(DType.BFLOAT16), 3.140625);
  }

  @Test
  void elementsThatDoNotFitTheShape() throws IOException {
    write(
        out -> {
          OnnxBytes.dims(out, 1000, 1000, 1000);
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
          out.writeFloat(OnnxBytes.FLOAT_DATA, 7);
        });
    refused("holds 4 bytes of elements; a tensor of type f32[1000,1000,1000] has 4,000,000,000");
  }

  @Test
  void absurdShapes() throws IOException {
    for (long[] dims : new long[][] {{-1}, {0}, {1L << 40}, {Long.MIN_VALUE, 2}}) {
      write(
          out -> {
            OnnxBytes.dims(out, dims);
            out.writeInt32(OnnxBytes.DATA_TYPE, 1);
            out.writeFloat(OnnxBytes.FLOAT_DATA, 7);
          });
      refused("each extent must lie in");
    }
    write(
        out -> {
          OnnxBytes.dims(out, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
        });
    refused("63 bits");
  }

  @Test
  void otherTypesAndPlacesOfData() throws IOException {
    write(OnnxBytes.integers(8, OnnxBytes.INT32_DATA, 1));
    refused("data_type 8");
    write(out -> {});
    refused("data_type 0");
    write(OnnxBytes.integers(1, OnnxBytes.INT32_DATA, 1));
    refused("elements in [INT32_DATA]; RAW_DATA or FLOAT_DATA alone was expected");
    write(
        out -> {
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
          out.writeByteArray(OnnxBytes.EXTERNAL_DATA, new byte[0]);
        });
    refused("[EXTERNAL_DATA]");
    write(
        out -> {
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
          out.writeFloat(OnnxBytes.FLOAT_DATA, 1);
          out.writeByteArray(OnnxBytes.RAW_DATA, new byte[4]);
        });
    refused("[FLOAT_DATA, RAW_DATA]");
  }

  @Test
  void everyTruncationAndFlippedBitIsRefusedOrHarmless() throws IOException {
    write(
        out -> {
          OnnxBytes.dims(out, 2, 2);
          out.writeInt32(OnnxBytes.DATA_TYPE, 1);
          out.writeByteArray(OnnxBytes.RAW_DATA, new byte[16]);
        });
    byte[] intact = Files.readAllBytes(path);
    for (int length = 0; length < intact.length; length++) {
      Files.write(path, Arrays.copyOf(intact, length));
      Expected.error(ErrorKind.DATA, path, () -> OnnxTensorFile.read(path));
    }
    for (int bit = 0; bit < intact.length * 8; bit++) {
      byte[] bytes = intact.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path, bytes);
      try (HostTensor tensor = OnnxTensorFile.read(path)) {
        assertEquals(tensor.type().bytes(), tensor.memory().byteSize());
      } catch (EngineException e) {
        assertEquals(ErrorKind.DATA, e.kind(), e.getMessage());
      }
    }
  }

  @Test
  void otherFiles() throws IOException {
    Files.writeString(path, "this is a text, not a tensor");
    Expected.error(ErrorKind.DATA, path, () -> OnnxTensorFile.read(path));
    Path missing = directory.resolve("missing.pb");
    Expected.error(ErrorKind.USER, missing, () -> OnnxTensorFile.read(missing));
  }

  private void write(OnnxBytes.Message message) throws IOException {
    Files.write(path, OnnxBytes.of(message));
  }

  private void refused(String part) {
    Expected.damaged(path, part, () -> OnnxTensorFile.read(path));
  }

  private void assertTensor(TensorType type, double... values) {
    try (HostTensor tensor = OnnxTensorFile.read(path)) {
      assertEquals(type, tensor.type());
      assertArrayEquals(values, tensor.toRowMajor());
    }
  }
}
