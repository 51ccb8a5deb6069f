package io.ventral.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("array.npy");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void arraysComeBack(long seed) {
    Random random = new Random(seed);
    for (DType dtype : RandomTensors.DTYPES) {
      try (HostTensor written = RandomTensors.tensor(random, dtype, RandomTensors.shape(random))) {
        NpyFile.write(path, written);
        try (HostTensor read = NpyFile.read(path, dtype)) {
          assertEquals(written.type(), read.type());
          assertEquals(-1, written.memory().mismatch(read.memory()));
        }
      }
    }
  }

  @Test
  void bfloat16IsWrittenAsFloat32() {
    try (HostTensor written = HostTensor.scalar(DType.BFLOAT16, 1.5)) {
      NpyFile.write(path, written);
    }
    try (HostTensor read = NpyFile.read(path)) {
      assertEquals(TensorType.of(DType.FLOAT32), read.type());
      assertEquals(1.5, read.value());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) throws IOException {
    Files.write(
        path,
        NpyBytes.file(
            version, NpyBytes.dictionary("<i4", false, "(2,)"), NpyBytes.ints(false, 7, -8)));
    assertValues(7, -8);
  }

  @Test
  void bigEndianElementsAreRead() throws IOException {
    Files.write(
        path,
        NpyBytes.file(1, NpyBytes.dictionary(">i4", false, "(2, 1)"), NpyBytes.ints(true, 7, -8)));
    assertValues(7, -8);
    byte[] doubles = ByteBuffer.allocate(16).putDouble(0.1).putDouble(-1e300).array();
    Files.write(path, NpyBytes.file(1, NpyBytes.dictionary(">f8", false, "(2,)"), doubles));
    assertValues(0.1, -1e300);
    Files.write(
        path, NpyBytes.file(1, NpyBytes.dictionary(">f2", false, "(1,)"), new byte[] {0x3C, 0}));
    assertValues(1);
  }

  @Test
  void booleansAreBytes() throws IOException {
    Files.write(
        path, NpyBytes.file(1, NpyBytes.dictionary("|b1", false, "(3,)"), new byte[] {1, 0, 1}));
    assertValues(1, 0, 1);
  }

  @Test
  void columnMajorArraysOfAnyRankAreRead() throws IOException {
    Files.write(
        path,
        NpyBytes.file(
            1, NpyBytes.dictionary("<i4", true, "(2, 3)"), NpyBytes.ints(false, 0, 3, 1, 4, 2, 5)));
    assertValues(0, 1, 2, 3, 4, 5);
    Shape shape = Shape.of(2, 3, 4, 5);
    int[] values = new int[120];
    for (int i = 0; i < 120; i++) {
      int n = i / 60;
      int c = i / 20 % 3;
      int y = i / 5 % 4;
      int x = i % 5;
      values[n + 2 * (c + 3 * (y + 4 * x))] = i;
    }
    Files.write(
        path,
        NpyBytes.file(
            1, NpyBytes.dictionary("<i4", true, "(2, 3, 4, 5)"), NpyBytes.ints(false, values)));
    try (HostTensor read = NpyFile.read(path)) {
      assertEquals(shape, read.type().shape());
      assertArrayEquals(indices(120), read.toRowMajor());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (2,), } ; elements of type |O",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), } ; elements of type <c8",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), } ; plain number format",
        "{'descr': '<f4', 'fortran_order': False} ; plain number format",
        "{'descr': '<f4', 'fortran_order': 'x', 'shape': (2,)} ; plain number format",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)} ; plain number format",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)} ; plain number format",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + f() ; plain number format",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} ; plain number",
        "{'descr': True, 'fortran_order': False, 'shape': (2,)} ; plain number format",
        "__import__('os') ; plain number format",
        "`` ; plain number format",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)} ; has shape [0, 2]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000,)} ; each extent must lie",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000, 2000000000)} ; 63 bits",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,)} ; holds 8 bytes of data",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} ; holds 8 bytes of data",
      })
  void hostileHeadersAreRefused(String line, String part) throws IOException {
    Files.write(path, NpyBytes.file(1, line, new byte[8]));
    Expected.damaged(path, part, () -> NpyFile.read(path));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (int version = 1; version <= 3; version++) {
      byte[] intact =
          NpyBytes.file(
              version, NpyBytes.dictionary("<i4", false, "(2,)"), NpyBytes.ints(false, 7, -8));
      for (int length = 0; length < intact.length; length++) {
        Files.write(path, Arrays.copyOf(intact, length));
        Expected.error(ErrorKind.DATA, path, () -> NpyFile.read(path));
      }
    }
  }

  @Test
  void otherFilesAndVersionsAreRefused() throws IOException {
    Files.writeString(path, "PK\3\4 and something more");
    Expected.damaged(path, "does not begin as a .npy file does", () -> NpyFile.read(path));
    for (int version : new int[] {0, 4, -1}) {
      Files.write(
          path,
          NpyBytes.file(
              version, NpyBytes.dictionary("<i4", false, "(2,)"), NpyBytes.ints(false, 7, -8)));
      Expected.damaged(path, "1 to 3 can be read", () -> NpyFile.read(path));
    }
    Path missing = directory.resolve("missing.npy");
    Expected.error(ErrorKind.USER, missing, () -> NpyFile.read(missing));
  }

  @Test
  void aHeaderLongerThanReasonIsRefused() throws IOException {
    String padded = NpyBytes.dictionary("<i4", false, "(2,)") + " ".repeat(200_000);
    Files.write(path, NpyBytes.file(2, padded, NpyBytes.ints(false, 7, -8)));
    Expected.damaged(path, "says its header is", () -> NpyFile.read(path));
  }

  private void assertValues(double... values) {
    try (HostTensor read = NpyFile.read(path)) {
      assertArrayEquals(values, read.toRowMajor());
    }
  }

  private static double[] indices(int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> i);
    return values;
  }
}
