package io.ventral.place;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.testing.Expect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeshTest {
  @ParameterizedTest
  @EnumSource
  void everyKindIsNamedWithAndWithoutANumber(DeviceKind kind) {
    assertEquals(new DeviceId(kind, 0), DeviceId.parse(kind.word()));
    DeviceId twelfth = new DeviceId(kind, 12);
    assertEquals(twelfth, DeviceId.parse(twelfth.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "gpu", "CPU", "cpu:", "cpu:-1", "cpu:x", "cuda:12345", "cpu:0 ", ":0"})
  void whatNamesNoDeviceIsRefused(String text) {
    Expect.error(ErrorKind.USER, () -> DeviceId.parse(text), "device '" + text + "'", "expected");
  }

  @Test
  void aListIsAMeshInItsOrder() {
    Mesh mesh = Mesh.parse("reference:2, reference,reference:2");
    assertEquals(3, mesh.size());
    assertEquals(DeviceKind.REFERENCE, mesh.kind());
    assertEquals("reference:2,reference:0,reference:2", mesh.toString());
    assertEquals(mesh, Mesh.parse(mesh.toString()));
  }

  @Test
  void aMeshIsOfOneKindAndNotEmpty() {
    Expect.error(ErrorKind.UNSUPPORTED, () -> Mesh.parse("cpu:0,cuda:0"), "mixes kinds");
    Expect.error(ErrorKind.USER, () -> new Mesh(List.of()), "at least one device");
    Expect.error(ErrorKind.USER, () -> Mesh.parse("cpu,"), "device ''");
  }
}
