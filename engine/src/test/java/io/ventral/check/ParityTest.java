package io.ventral.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.Device;
import io.ventral.backend.onednn.NativeLibraries;
import io.ventral.backend.onednn.OneDnnDevice;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.op.Copy;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every device against the reference in double: each case, forward and backward, in each format. A
 * device is added with a line in {@link #subjects}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ParityTest {
  private final List<Subject> subjects =
      List.of(
          new Subject(
              new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), 1),
              Set.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16),
              Set.of()),
          new Subject(
              new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 2, NativeLibraries.folder()),
              Set.of(DType.FLOAT32, DType.BFLOAT16),
              Set.of()));

  /**
   * A device under test.
   *
   * @param dtypes the formats it is to be tried in
   * @param unsupported the operations, by name, that it may refuse
   */
  record Subject(Device device, Parity parity, Set<DType> dtypes, Set<String> unsupported) {
    Subject(Device device, Set<DType> dtypes, Set<String> unsupported) {
      this(device, new Parity(device), dtypes, unsupported);
    }

    /** Skips formats for which this machine's processor has no instructions, and says so. */
    void assumeComputesIn(DType dtype) {
      List<TensorType> vector = List.of(TensorType.of(dtype, 1));
      try {
        device.bind(new Copy(0), vector, vector);
      } catch (EngineException e) {
        assumeTrue(e.kind() != ErrorKind.UNSUPPORTED, e.getMessage() + ": not tested");
        throw e;
      }
    }

    @Override
    public String toString() {
      return device.id().toString();
    }
  }

  Stream<Object[]> cases() {
    return subjects.stream()
        .flatMap(
            subject ->
                subject.dtypes().stream()
                    .flatMap(
                        dtype ->
                            OpCases.all().stream()
                                .map(opCase -> new Object[] {subject, dtype, opCase})));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("cases")
  void agreesWithTheReference(Subject subject, DType dtype, OpCase opCase) {
    subject.assumeComputesIn(dtype);
    List<ParityRow> rows = subject.parity().check(opCase, dtype);
    assertFalse(rows.isEmpty());
    ParityReport report = new ParityReport(rows);
    assertEquals(List.of(), report.with(Verdict.FAILED));
    Set<String> refused =
        report.with(Verdict.UNSUPPORTED).stream().map(ParityRow::op).collect(Collectors.toSet());
    refused.removeAll(subject.unsupported());
    assertEquals(Set.of(), refused, () -> report.with(Verdict.UNSUPPORTED).toString());
  }

  @AfterAll
  void close() {
    subjects.forEach(
        subject -> {
          subject.parity().close();
          subject.device().close();
        });
  }
}
