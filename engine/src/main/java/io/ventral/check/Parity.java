package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.error.EngineException;
import io.ventral.graph.Graph;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
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
 * input, or prepare an input ahead, is run that way, too.
 */
public final class Parity implements AutoCloseable {
  private final Device device;
  private final GuardedMemory memory;
  private final Device reference =
      new ReferenceDevice(
          new DeviceId(DeviceKind.REFERENCE, 0), Runtime.getRuntime().availableProcessors());
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
    try (ReferenceProgram expected = new ReferenceProgram(reference, program.nodes())) {
      DeviceProgram actual = new DeviceProgram(device, memory);
      tensors.forEach(actual::feed);
      return new CaseParity(
              device,
              reference,
              dtype,
              opCase.name(),
              program.nodes(),
              expected,
              actual,
              (node, output) ->
                  sensitivities
                      .computeIfAbsent(opCase, key -> Sensitivity.of(reference, key))
                      .get(output.id()))
          .rows();
    } finally {
      tensors.values().forEach(HostTensor::close);
    }
  }

  /**
   * Returns a row for each node of a program as this device compiles it, in order, called by the
   * node's name: a whole step of training, each kernel judged alone. Sensitivities are estimated
   * ({@link Sketch}), for measuring them takes as many runs as there are numbers.
   *
   * @param graph for one device, in {@code dtype}
   * @param tensors the inputs and the states before the run; they stay the caller's
   */
  public List<ParityRow> check(Graph graph, DType dtype, Map<Value, HostTensor> tensors) {
    List<ParityRow> rows;
    try (ReferenceProgram expected = new ReferenceProgram(reference, graph.nodes())) {
      DeviceProgram actual = new DeviceProgram(device, memory);
      tensors.forEach(actual::feed);
      Sketch sketch = new Sketch(expected, graph.nodes());
      rows =
          new CaseParity(
                  device,
                  reference,
                  dtype,
                  graph.name(),
                  graph.nodes(),
                  expected,
                  actual,
                  sketch::of)
              .rows();
    }
    List<ParityRow> named = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      named.add(rows.get(i).of(graph.nodes().get(i).name()));
    }
    return named;
  }

  @Override
  public void close() {
    memory.close();
    reference.close();
  }
}
