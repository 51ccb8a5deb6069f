package io.ventral.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
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
          ReferenceOperand y = new ReferenceOperand(device, operands.outputs().getLast());
          y.set(y.end(), 1);
        });
  }

  @Test
  void writingBeforeTheFirstElement() {
    everyRowSays(
        "writes out of bounds before output 0",
        (device, op, operands, launch) -> {
          launch.run();
          first(device, operands).set(-1, 1);
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
            new ReferenceOperand(device, operands.workspace()).set(3, 1);
          }
        });
  }

  @Test
  void leavingAnElementUnwritten() {
    everyRowSays(
        "output 0[",
        (device, op, operands, launch) -> {
          ReferenceOperand y = first(device, operands);
          double before = y.get(y.end() - 1);
          launch.run();
          y.set(y.end() - 1, before);
        });
  }

  @Test
  void oneWrongElement() {
    everyRowSays(
        "output 0[",
        (device, op, operands, launch) -> {
          launch.run();
          ReferenceOperand y = first(device, operands);
          double right = y.get(y.end() - 1);
          boolean floating = y.region().type().dtype().isFloating();
          y.set(y.end() - 1, right + (floating ? 0.03 * (1 + Math.abs(right)) : 1));
        });
  }

  @Test
  void changingAnInput() {
    ParityReport report =
        report(
            (device, op, operands, launch) -> {
              launch.run();
              if (!operands.inputs().isEmpty()) {
                ReferenceOperand x = new ReferenceOperand(device, operands.inputs().getLast());
                x.set(x.end() - 1, 2 * x.get(x.end() - 1) + 1);
              }
            });
    assertOnlyFailures(report, Set.of("Constant"), "changes its input");
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
                ReferenceOperand dw = first(device, operands);
                dw.set(0, dw.get(0) + 0.05 * (1 + Math.abs(dw.get(0))));
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
                  operands.inputs().stream()
                      .map(x -> new ReferenceOperand(device, x).round(DType.FLOAT16))
                      .toList();
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
    // What saves their operand never got that far.
    assertOnlyFailures(report, Set.of("MaxPoolGrad", "BatchNormReluGrad"), "driver is gone");
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
    assertOnlyFailures(report(defect), Set.of(), reason);
  }

  private static void assertOnlyFailures(ParityReport report, Set<String> except, String reason) {
    assertFalse(report.isOk());
    assertEquals(
        List.of(),
        report.rows().stream()
            .filter(row -> !except.contains(row.op()))
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

  private static ReferenceOperand first(Device device, Operands operands) {
    return new ReferenceOperand(device, operands.outputs().getFirst());
  }
}
