package io.ventral.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.check.DeviceProgram.Outcome;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The step of an optimizer over 10 and 3 elements, judged in pieces of 4 at most. */
class UpdateParityTest {
  private static final TensorType RATE = TensorType.of(DType.FLOAT32);
  private static final TensorType LARGE = TensorType.of(DType.FLOAT32, 5, 2);
  private static final TensorType SMALL = TensorType.of(DType.FLOAT32, 3);

  /** Three pieces and one, each of a parameter, its momentum and the count of steps. */
  private static final int COMPARISONS = 4 * 3;

  @Test
  void everyPieceOfARightStepIsRight() {
    List<Comparison> comparisons = comparisons(0);
    assertEquals(COMPARISONS, comparisons.size());
    assertTrue(comparisons.stream().allMatch(comparison -> comparison.error() <= 1));
  }

  @Test
  void aWrongElementOfALaterPieceIsNamed() {
    List<String> defects =
        comparisons(0.001).stream().flatMap(comparison -> comparison.defect().stream()).toList();
    assertEquals(1, defects.size());
    assertTrue(
        defects.getFirst().startsWith("output 0 behind element 7[1] of 2 is "), defects.getFirst());
  }

  /** Returns what comes of a step whose last element of the first parameter is off. */
  private static List<Comparison> comparisons(double error) {
    Node step = step();
    try (Device device = new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), 1);
        GuardedMemory memory = new GuardedMemory(device)) {
      DeviceProgram program = new DeviceProgram(device, memory);
      for (Value input : step.inputs()) {
        try (HostTensor tensor = HostTensor.zeros(input.type())) {
          tensor.setRowMajor(i -> input.type().dtype().isFloating() ? 0.5 + 0.25 * i : 1);
          program.feed(input, tensor);
        }
      }
      Outcome outcome =
          program.run(step, device.bind(step.op(), types(step.inputs()), types(step.outputs())));
      ReferenceOperand w =
          new ReferenceOperand(device, outcome.results().get(step.outputs().getFirst()));
      w.set(9, w.get(9) + error);
      return new UpdateParity(device, DType.FLOAT32, program, step, 4).compare(List.of(outcome));
    }
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  /** Parameters, gradients and momentum, each large and small. */
  private static Node step() {
    GraphBuilder builder = new GraphBuilder("step").at("step");
    List<Value> inputs = new ArrayList<>();
    for (TensorType type :
        List.of(
            RATE,
            RATE.with(DType.INT32),
            RATE.with(DType.INT64),
            RATE,
            LARGE,
            SMALL,
            LARGE,
            SMALL,
            LARGE,
            SMALL)) {
      inputs.add(builder.input("x" + inputs.size(), type));
    }
    builder.emit(new SgdStep(0.9, false, List.of(new Segment(1, 0.1), new Segment(2, 0))), inputs);
    return builder.nodes().getFirst();
  }
}
