package io.ventral.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.BatchNormInfer;
import io.ventral.op.Conv2d;
import io.ventral.op.MatMul;
import io.ventral.op.Multiply;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Choices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a prologue keeps must not show: programs of one session see each other's changes. */
class PrologueTest {
  private static final TensorType MATRIX = TensorType.of(DType.FLOAT64, 3, 3);

  /** Steps and evaluations in any order give what a session gives that computes all every time. */
  @ParameterizedTest(name = "{0} devices")
  @ValueSource(ints = {1, 2, 3})
  void whateverIsWrittenBetweenTheResultsAreThoseOfThePlainProgram(int count) {
    try (Programs planned = new Programs(count, false);
        Programs plain = new Programs(1, true)) {
      Choices choices = new Choices(count);
      for (int i = 0; i < 60; i++) {
        int choice = choices.below(5);
        double[] numbers = Choices.values(i, 9);
        String state = choices.oneIn(2) ? "w" : "frozen";
        for (Programs programs : List.of(planned, plain)) {
          switch (choice) {
            case 0 -> programs.train(numbers);
            case 1 -> programs.write(state, numbers);
            default -> programs.session.poisonActivations();
          }
        }
        assertArrayEquals(plain.evaluate(numbers), planned.evaluate(numbers), "evaluation " + i);
      }
    }
  }

  @Test
  void aRunLaunchesOnlyWhatThePrologueHasNotDone() {
    try (Programs programs = new Programs(1, false)) {
      List<String> seen = new ArrayList<>();
      double[] first = programs.evaluate(1, 2, 3, 4, 5, 6, 7, 8, 9);
      StepTimings timings = programs.time();
      timings.nodes().forEach(timing -> seen.add(timing.node().name()));
      assertEquals(List.of("product", "product", "sum"), seen);
      assertArrayEquals(first, programs.evaluate(1, 2, 3, 4, 5, 6, 7, 8, 9));
    }
  }

  /** In 16 bits too a filter is folded once, with all its bits, and rounded once. */
  @Test
  void ofFoldingAndRoundingAFilterARunSeesNothing() {
    List<Device> devices =
        List.of(new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), /* threads= */ 1));
    Graph graph = normalised();
    Executable evaluation = new Compiler(devices, Precision.mixed(DType.BFLOAT16)).compile(graph);
    try (Session session = Session.open(devices, List.of(evaluation));
        HostTensor images = HostTensor.zeros(graph.inputs().getFirst().value().type())) {
      for (State state : graph.states()) {
        write(session, state, state.name().equals("variance") ? 1 : 2);
      }
      images.setRowMajor(i -> 1);
      Feeds feeds = new Feeds().with("x", images);
      assertEquals(
          List.of("Cast to bf16", "Conv2d 1x1 stride 1 pad 0 + bias", "Cast to f32"),
          session.time(evaluation, feeds, 1).nodes().stream()
              .map(timing -> timing.node().op().label())
              .toList());
      // 2·(2·2·x − 2) + 2 with x = 1, and with a filter of 3 instead of 2.
      assertEquals(6, session.run(evaluation, feeds).get("y").get(0));
      write(session, graph.state("filter").orElseThrow(), 3);
      assertEquals(10, session.run(evaluation, feeds).get("y").get(0));
    }
  }

  private static void write(Session session, State state, double value) {
    try (HostTensor tensor = HostTensor.zeros(state.type())) {
      tensor.setRowMajor(i -> value);
      session.write(state.name(), tensor);
    }
  }

  /** A pointwise convolution of two channels to one, and its normalisation. */
  private static Graph normalised() {
    GraphBuilder builder = new GraphBuilder("normalised").at("n");
    Value x = builder.batchedInput("x", TensorType.of(DType.FLOAT32, 1, 2, 1, 1));
    Value c =
        builder.emit(
            new Conv2d(Window2d.square(1, 1, 0), 1), x, parameter(builder, "filter", 1, 2, 1, 1));
    Value[] operands = {
      c,
      parameter(builder, "scale", 1),
      parameter(builder, "bias", 1),
      parameter(builder, "mean", 1),
      parameter(builder, "variance", 1)
    };
    builder.batchedOutput("y", builder.emit(new BatchNormInfer(0), operands));
    return builder.build();
  }

  private static Value parameter(GraphBuilder builder, String name, int... extents) {
    TensorType type = TensorType.of(DType.FLOAT32, extents);
    return builder.state(name, new StateRole.Parameter(), type);
  }

  @Test
  void memoryIsForetold() {
    try (Programs programs = new Programs(2, false)) {
      for (int device = 0; device < 2; device++) {
        MemoryUse use =
            MemoryUse.of(
                programs.devices.get(device),
                device,
                List.of(programs.training, programs.evaluation));
        assertTrue(use.preparedBytes() > 0);
        assertEquals(use.totalBytes(), programs.session.allocatedBytes(device));
      }
    }
  }

  /** Training changes w and leaves frozen, from which it computes; evaluation changes neither. */
  private static final class Programs implements AutoCloseable {
    private final List<Device> devices = new ArrayList<>();
    private final Executable training;
    private final Executable evaluation;
    private final Session session;

    Programs(int count, boolean plain) {
      for (int i = 0; i < count; i++) {
        devices.add(new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, i), 1));
      }
      Compiler compiler = plain ? Compiler.plain(devices) : new Compiler(devices);
      training = compiler.compile(training());
      evaluation = compiler.compile(evaluation());
      session = Session.open(devices, List.of(training, evaluation));
      write("w", Choices.values(-1, 9));
      write("frozen", Choices.values(-2, 9));
    }

    void write(String state, double... numbers) {
      try (HostTensor tensor = HostTensor.ofRowMajor(MATRIX, numbers)) {
        session.write(state, tensor);
      }
    }

    void train(double... x) {
      try (HostTensor tensor = HostTensor.ofRowMajor(MATRIX, x)) {
        session.run(training, new Feeds().with("x", tensor));
      }
    }

    double[] evaluate(double... x) {
      try (HostTensor tensor = HostTensor.ofRowMajor(MATRIX, x)) {
        return session.run(evaluation, new Feeds().with("x", tensor)).get("y").toRowMajor();
      }
    }

    StepTimings time() {
      try (HostTensor tensor = HostTensor.zeros(MATRIX)) {
        return session.time(evaluation, new Feeds().with("x", tensor), 1);
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static Graph training() {
    GraphBuilder builder = new GraphBuilder("training").at("n");
    Value x = builder.input("x", MATRIX);
    Value w = builder.state("w", new StateRole.Parameter(), MATRIX);
    Value frozen = builder.state("frozen", new StateRole.Parameter(), MATRIX);
    Value rectified = builder.emit(new Relu(), frozen);
    builder.update(w, builder.emit(new Add(), w, builder.emit(new Multiply(), rectified, x)));
    return builder.build();
  }

  /** y = x · h + x · (h + frozen) with h = relu(w)/2. */
  private static Graph evaluation() {
    GraphBuilder builder = new GraphBuilder("evaluation");
    Value x = builder.batchedInput("x", MATRIX);
    Value w = builder.state("w", new StateRole.Parameter(), MATRIX);
    Value frozen = builder.state("frozen", new StateRole.Parameter(), MATRIX);
    Value rectified = builder.at("prologue").emit(new Relu(), w);
    Value half = builder.at("prologue").emit(new Scale(0.5), rectified);
    Value sum = builder.at("prologue").emit(new Add(), half, frozen);
    Value product = builder.at("product").emit(new MatMul(false, false), x, half);
    Value other = builder.at("product").emit(new MatMul(false, false), x, sum);
    builder.batchedOutput("y", builder.at("sum").emit(new Add(), product, other));
    return builder.build();
  }
}
