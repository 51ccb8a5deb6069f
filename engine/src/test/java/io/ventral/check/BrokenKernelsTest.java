package io.ventral.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.error.EngineException;
import io.ventral.op.Conv2d;
import io.ventral.op.Conv2dGradFilter;
import io.ventral.op.Conv2dGradInput;
import io.ventral.op.MatMul;
import io.ventral.op.MaxPool;
import io.ventral.op.MaxPoolGrad;
import io.ventral.op.Op;
import io.ventral.op.Transpose;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Each defect that a kernel can have is found in every kernel that has it, and named. */
@TestInstance(Lifecycle.PER_CLASS)
class BrokenKernelsTest {
  private static final List<DType> DTYPES = List.of(DType.FLOAT32, DType.BFLOAT16);

  /**
   * What does not sum: rounding its inputs is hidden by rounding its result, or changes nothing.
   */
  private static final Set<Class<? extends Op>> PRODUCTS =
      Set.of(Conv2d.class, Conv2dGradInput.class, Conv2dGradFilter.class, MatMul.class);

  private final Map<OpCase, Map<Integer, Sensitivity>> sensitivities = new HashMap<>();

  @Test
  void writingOneElementTooMany() {
    everyRowSays(
        "writes out of bounds behind output",
        (device, op, operands, launch) -> {
          launch.run();
          Region last = operands.outputs().getLast();
          write(device, last, last.bytes(), 1);
        });
  }

  @Test
  void writingBeforeTheFirstElement() {
    everyRowSays(
        "writes out of bounds before output 0",
        (device, op, operands, launch) -> {
          launch.run();
          write(device, operands.outputs().getFirst(), -Double.BYTES, 1);
        });
  }

  @Test
  void writingBehindTheWorkspace() {
    everyRowSays(
        "writes out of bounds behind the workspace",
        new BrokenDevice.Defect() {
          @Override
          public long workspaceBytes(long sound) {
            return sound + 3 * Double.BYTES;
          }

          @Override
          public void run(Device device, Op op, Operands operands, Launch launch) {
            launch.run();
            write(device, operands.workspace(), 3 * Double.BYTES, 1);
          }
        });
  }

  @Test
  void leavingAnElementUnwritten() {
    everyRowSays(
        "output 0[",
        (device, op, operands, launch) -> {
          Region y = operands.outputs().getFirst();
          double before = read(device, y, last(y));
          launch.run();
          write(device, y, last(y), before);
        });
  }

  @Test
  void oneWrongElement() {
    everyRowSays(
        "output 0[",
        (device, op, operands, launch) -> {
          launch.run();
          Region y = operands.outputs().getFirst();
          double right = read(device, y, last(y));
          boolean floating = y.type().dtype().isFloating();
          write(device, y, last(y), right + (floating ? 0.03 * (1 + Math.abs(right)) : 1));
        });
  }

  @Test
  void changingAnInput() {
    ParityReport report =
        report(
            (device, op, operands, launch) -> {
              launch.run();
              if (!operands.inputs().isEmpty()) {
                Region x = operands.inputs().getLast();
                write(device, x, last(x), 2 * read(device, x, last(x)) + 1);
              }
            });
    assertOnlyFailures(report, "Constant", "changes its input");
  }

  @Test
  void claimingThatAnInputMayBeOverwritten() {
    ParityReport report =
        report(
            new BrokenDevice.Defect() {
              @Override
              public boolean mayOverwrite(boolean sound) {
                return true;
              }

              @Override
              public void run(Device device, Op op, Operands operands, Launch launch) {
                launch.run();
              }
            });
    List<ParityRow> moved = rowsOf(report, Transpose.class);
    assertTrue(
        moved.stream().anyMatch(row -> row.reason().contains("over an input")), moved.toString());
  }

  @Test
  void oneWrongGradient() {
    ParityReport report =
        report(
            (device, op, operands, launch) -> {
              launch.run();
              if (op instanceof Conv2dGradFilter) {
                Region dw = operands.outputs().getFirst();
                write(
                    device,
                    dw,
                    0,
                    read(device, dw, 0) + 0.05 * (1 + Math.abs(read(device, dw, 0))));
              }
            });
    assertEquals(
        Set.of("Conv2dGradFilter"),
        report.with(Verdict.FAILED).stream().map(ParityRow::op).collect(Collectors.toSet()));
    assertTrue(
        rowsOf(report, Conv2dGradFilter.class).stream()
            .allMatch(row -> row.verdict() == Verdict.FAILED));
  }

  /** As if FLOAT32 products were computed by tensor cores from 11 significant bits. */
  @Test
  void productsOfRoundedNumbers() {
    ParityReport report =
        report(
            (device, op, operands, launch) -> {
              if (!PRODUCTS.contains(op.getClass())) {
                launch.run();
                return;
              }
              List<HostTensor> kept =
                  operands.inputs().stream().map(x -> rounded(device, x)).toList();
              launch.run();
              for (int i = 0; i < kept.size(); i++) {
                device.upload(kept.get(i), 0, operands.inputs().get(i));
                kept.get(i).close();
              }
            });
    for (ParityRow row : report.rows()) {
      if (row.opCase().endsWith("one pixel")) {
        // A product of two numbers, whose roundings may cancel.
        continue;
      }
      boolean coarse =
          row.dtype() == DType.FLOAT32
              && PRODUCTS.stream().anyMatch(op -> op.getSimpleName().equals(row.op()));
      assertEquals(coarse ? Verdict.FAILED : Verdict.OK, row.verdict(), row::toString);
    }
  }

  @Test
  void throwing() {
    ParityReport report =
        report(
            (device, op, operands, launch) -> {
              throw EngineException.device("driver is gone");
            });
    // What saves the winners never got that far.
    assertOnlyFailures(report, "MaxPoolGrad", "driver is gone");
  }

  @Test
  void refusingAnOperation() {
    ParityReport report =
        report(
            new BrokenDevice.Defect() {
              @Override
              public void bind(Op op, List<TensorType> inputs) {
                if (op instanceof Conv2d || op instanceof MaxPool) {
                  throw EngineException.unsupported("no " + op.label());
                }
              }

              @Override
              public void run(Device device, Op op, Operands operands, Launch launch) {
                launch.run();
              }
            });
    assertEquals(0, report.count(Verdict.FAILED));
    for (Class<?> op : List.of(Conv2d.class, MaxPool.class, MaxPoolGrad.class)) {
      assertTrue(
          rowsOf(report, op).stream()
              .allMatch(row -> row.verdict() == Verdict.UNSUPPORTED && !row.reason().isEmpty()));
    }
    assertTrue(
        rowsOf(report, Conv2dGradInput.class).stream().allMatch(row -> row.verdict() == Verdict.OK),
        "the gradients of what is refused are tried all the same");
  }

  private void everyRowSays(String reason, BrokenDevice.Defect defect) {
    assertOnlyFailures(report(defect), "none", reason);
  }

  private static void assertOnlyFailures(ParityReport report, String exceptOp, String reason) {
    assertFalse(report.isOk());
    assertEquals(
        List.of(),
        report.rows().stream()
            .filter(row -> !row.op().equals(exceptOp))
            .filter(row -> row.verdict() != Verdict.FAILED || !row.reason().contains(reason))
            .toList());
  }

  private static List<ParityRow> rowsOf(ParityReport report, Class<?> op) {
    return report.rows().stream().filter(row -> row.op().equals(op.getSimpleName())).toList();
  }

  private ParityReport report(BrokenDevice.Defect defect) {
    try (Device device = new BrokenDevice(defect);
        Parity parity = new Parity(device, sensitivities)) {
      return parity.check(OpCases.all(), DTYPES);
    }
  }

  /** Rounds what a region holds to FLOAT16 and returns what it held. */
  private static HostTensor rounded(Device device, Region region) {
    HostTensor kept = HostTensor.zeros(region.type());
    device.download(region, kept, 0);
    try (HostTensor coarse = HostTensor.zeros(region.type().with(DType.FLOAT16))) {
      for (int i = 0; i < region.type().elements(); i++) {
        coarse.set(i, kept.get(i));
      }
      device.upload(coarse, 0, region);
    }
    return kept;
  }

  private static long last(Region region) {
    return region.bytes() - Double.BYTES;
  }

  private static Region element(Region region, long offset) {
    TensorType scalar = TensorType.of(DType.FLOAT64);
    return new Region(region.memory(), region.offset() + offset, Double.BYTES, scalar);
  }

  private static double read(Device device, Region region, long offset) {
    try (HostTensor tensor = HostTensor.zeros(TensorType.of(DType.FLOAT64))) {
      device.download(element(region, offset), tensor, 0);
      return tensor.value();
    }
  }

  private static void write(Device device, Region region, long offset, double value) {
    try (HostTensor tensor = HostTensor.scalar(DType.FLOAT64, value)) {
      device.upload(tensor, 0, element(region, offset));
    }
  }
}
