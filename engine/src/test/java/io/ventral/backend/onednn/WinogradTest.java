package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.NativeLibrary;
import io.ventral.backend.onednn.winograd.ConvolutionChoice;
import io.ventral.backend.onednn.winograd.WinogradProblem;
import io.ventral.check.Fill;
import io.ventral.check.OpCase;
import io.ventral.check.OpCases;
import io.ventral.check.Operand;
import io.ventral.check.Parity;
import io.ventral.check.ParityRow;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.op.Conv2d;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Minimal filtering wherever it is possible, small and odd shapes too, against the reference. */
@TestInstance(Lifecycle.PER_CLASS)
class WinogradTest {
  private static final int TILES_AT_ONCE = 5;

  private final OneDnnDevice device =
      new OneDnnDevice(
          new DeviceId(DeviceKind.CPU, 0), 2, NativeLibrary.folder(), new Everywhere());
  private final Parity parity = new Parity(device);

  /** Some tiles at a time, so that sums begin, go on and end with fewer. */
  private record Everywhere() implements ConvolutionChoice {
    @Override
    public boolean tiles(WinogradProblem problem, boolean prepared) {
      return true;
    }

    @Override
    public int tilesAtOnce(WinogradProblem problem) {
      return Math.min(TILES_AT_ONCE, problem.result().tiles());
    }
  }

  private Stream<OpCase> convolutions() {
    return Stream.concat(OpCases.all().stream(), Stream.of(wide(300, 1), wide(1, 300)))
        .filter(opCase -> implementation(opCase).contains("winograd"));
  }

  /** More channels than an array takes at a time; both gradients are checked with it. */
  private static OpCase wide(int inputs, int outputs) {
    return new OpCase(
        "Conv2d 3x3 of %d channels to %d".formatted(inputs, outputs),
        new Conv2d(Window2d.square(3, 1, 1), 1),
        List.of(smooth(1, inputs, 2, 3), smooth(outputs, inputs, 3, 3)));
  }

  private static Operand smooth(int... extents) {
    return new Operand(TensorType.of(DType.FLOAT64, extents), new Fill.Uniform(-1, 1), true);
  }

  private String implementation(OpCase opCase) {
    return opCase.operation().startsWith("Conv2d")
        ? device.bind(opCase.op(), in(opCase), out(opCase)).implementation()
        : "";
  }

  private static List<TensorType> in(OpCase opCase) {
    return opCase.as(DType.FLOAT32).inputTypes();
  }

  private static List<TensorType> out(OpCase opCase) {
    return opCase.as(DType.FLOAT32).outputTypes();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("convolutions")
  void agreesWithTheReference(OpCase opCase) {
    List<ParityRow> rows = parity.check(opCase, DType.FLOAT32);
    assertEquals(rows, rows.stream().filter(row -> row.verdict() == Verdict.OK).toList());
  }

  @Test
  void takesEveryWindowOfThreeByThreeStepByStep() {
    Set<String> operations = Set.of("Conv2d", "Conv2dBias", "Conv2dGradInput", "Conv2dGradFilter");
    for (OpCase opCase : OpCases.all()) {
      if (operations.contains(opCase.operation()) && opCase.name().contains("3x3")) {
        assertTrue(implementation(opCase).contains("winograd 4x4"), opCase.name());
      }
    }
  }

  @AfterAll
  void close() {
    parity.close();
    device.close();
  }
}
