package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.check.ParityRow.Direction;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Node;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A device against the reference, kernel by kernel: the operation of a case and what computes the
 * gradients of its differentiable inputs.
 *
 * <p>Every kernel is judged alone. The reference computes in double, unrounded, from exactly what
 * the kernel read: the inputs of the case rounded to the format, and in the backward pass the
 * device's own forward results (teacher forcing), or where those are wrong or missing the right
 * ones. So a forward error is not counted again behind it, no tolerance has to allow for errors
 * piled up, and a right backward pass behind a wrong forward one is seen to be right. What a
 * forward kernel saved for its backward is opaque, so there each side goes on with its own.
 *
 * <p>Outputs hold NaN before a kernel runs, so that what it leaves out shows; operands and
 * workspace lie between guards; inputs must stay as they were; and a kernel that may write over an
 * input is run that way, too.
 */
public final class Parity implements AutoCloseable {
  private final Device device;
  private final GuardedMemory memory;
  private final Device reference =
      new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), /* threads= */ 1);
  private final Map<OpCase, Map<Integer, Sensitivity>> sensitivities;

  /**
   * Returns a check of {@code device}, which stays the caller's.
   *
   * @throws EngineException RESOURCE if the device has not the little memory that takes
   */
  public Parity(Device device) {
    this(device, new HashMap<>());
  }

  /**
   * Returns a check of {@code device}.
   *
   * @param sensitivities what was measured on the reference so far; more is added
   */
  Parity(Device device, Map<OpCase, Map<Integer, Sensitivity>> sensitivities) {
    this.device = device;
    this.sensitivities = sensitivities;
    this.memory = new GuardedMemory(device);
  }

  /** Returns what came of every case in every format, format by format. */
  public ParityReport check(List<OpCase> cases, List<DType> dtypes) {
    List<ParityRow> rows = new ArrayList<>();
    for (DType dtype : dtypes) {
      cases.forEach(opCase -> rows.addAll(check(opCase, dtype)));
    }
    return new ParityReport(rows);
  }

  /** Returns a row for each kernel of a case, its floating-point operands in {@code dtype}. */
  public List<ParityRow> check(OpCase opCase, DType dtype) {
    CaseProgram program = CaseProgram.of(opCase.as(dtype));
    Map<Value, HostTensor> tensors = program.tensors();
    try (ReferenceProgram expected = new ReferenceProgram(reference, program)) {
      DeviceProgram actual = new DeviceProgram(device, memory);
      tensors.forEach(actual::feed);
      Run run = new Run(opCase, dtype, program, expected, actual);
      List<ParityRow> rows = new ArrayList<>();
      for (int i = 0; i < program.nodes().size(); i++) {
        rows.add(run.node(i));
      }
      return rows;
    } finally {
      tensors.values().forEach(HostTensor::close);
    }
  }

  @Override
  public void close() {
    memory.close();
    reference.close();
  }

  /** One case in one format on both devices. */
  private final class Run {
    private final OpCase opCase;
    private final DType dtype;
    private final CaseProgram program;
    private final ReferenceProgram expected;
    private final DeviceProgram actual;

    Run(
        OpCase opCase,
        DType dtype,
        CaseProgram program,
        ReferenceProgram expected,
        DeviceProgram actual) {
      this.opCase = opCase;
      this.dtype = dtype;
      this.program = program;
      this.expected = expected;
      this.actual = actual;
    }

    ParityRow node(int index) {
      Node node = program.nodes().get(index);
      if (!node.inputs().stream().allMatch(actual::has)) {
        return row(index, 0, Verdict.UNSUPPORTED, "the kernel that saves its input is not there");
      }
      node.inputs().stream()
          .filter(Run::isVisible)
          .forEach(input -> expected.write(input, actual.read(input)));
      expected.run(index);
      ParityRow row = judged(index, node);
      if (row.verdict() != Verdict.OK) {
        node.outputs().stream().filter(Run::isVisible).forEach(this::correct);
      }
      return row;
    }

    private static boolean isVisible(Value value) {
      return value.type().dtype() != DType.OPAQUE;
    }

    /** What follows is not to suffer from a wrong or missing result: it gets the right one. */
    private void correct(Value output) {
      try (HostTensor tensor = HostTensor.zeros(output.type())) {
        double[] elements = expected.read(output);
        for (int i = 0; i < elements.length; i++) {
          tensor.set(i, elements[i]);
        }
        actual.feed(output, tensor);
      }
    }

    private ParityRow judged(int index, Node node) {
      Kernel kernel;
      try {
        kernel = device.bind(node.op(), types(node.inputs()), types(node.outputs()));
      } catch (EngineException e) {
        Verdict verdict = e.kind() == ErrorKind.UNSUPPORTED ? Verdict.UNSUPPORTED : Verdict.FAILED;
        return row(index, 0, verdict, e.getMessage());
      }
      try {
        return judged(index, node, kernel);
      } catch (RuntimeException e) {
        // Whatever a kernel throws is a defect of that kernel, to be listed with the others.
        return row(index, Double.POSITIVE_INFINITY, Verdict.FAILED, e.toString());
      }
    }

    private ParityRow judged(int index, Node node, Kernel kernel) {
      DeviceProgram.Outcome apart = actual.run(node, kernel);
      List<String> defects = new ArrayList<>(apart.defects());
      double error = compare(node, apart, "", defects);
      DeviceProgram.Outcome inPlace = actual.runInPlace(node, kernel);
      inPlace.defects().forEach(defect -> defects.add(defect + ", over its input"));
      error = Math.max(error, compare(node, inPlace, " over an input", defects));
      return defects.isEmpty()
          ? row(index, error, Verdict.OK, "")
          : row(index, error, Verdict.FAILED, String.join("; ", defects));
    }

    private double compare(
        Node node, DeviceProgram.Outcome outcome, String how, List<String> defects) {
      double worst = 0;
      for (Value output : outcome.results().keySet()) {
        String what = "output " + node.outputs().indexOf(output) + how;
        Comparison comparison =
            compare(what, output, expected.read(output), outcome.results().get(output));
        comparison.defect().ifPresent(defects::add);
        worst = Math.max(worst, comparison.error());
      }
      return worst;
    }

    private Comparison compare(String what, Value output, double[] exact, double[] computed) {
      if (!output.type().dtype().isFloating()) {
        return Comparison.exact(what, exact, computed);
      }
      Sensitivity sensitivity =
          sensitivities
              .computeIfAbsent(opCase, key -> Sensitivity.of(reference, key))
              .get(output.id());
      DType format = output.type().dtype();
      return Comparison.of(what, format, exact, computed, Tolerance.of(format, dtype, sensitivity));
    }

    private ParityRow row(int index, double error, Verdict verdict, String reason) {
      String op = program.nodes().get(index).op().getClass().getSimpleName();
      Direction direction = index == 0 ? Direction.FORWARD : Direction.BACKWARD;
      return new ParityRow(opCase.name(), op, dtype, direction, error, verdict, reason);
    }
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }
}
