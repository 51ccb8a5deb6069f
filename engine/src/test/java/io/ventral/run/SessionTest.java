package io.ventral.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.backend.Device;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.MatMul;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two programs over one state w: one adds its input to it, one gives back the product with it. */
class SessionTest {
  private static final TensorType ROW = TensorType.of(DType.FLOAT64, 2, 2);

  @ParameterizedTest(name = "on {0} devices")
  @ValueSource(ints = {1, 2})
  void programsShareTheirStates(int count) {
    List<Device> devices = devices(count);
    Executable adding = new Compiler(devices).compile(adding());
    Executable product = new Compiler(devices).compile(product(3));
    try (Session session = Session.open(devices, List.of(adding, product));
        HostTensor w = HostTensor.ofRowMajor(ROW, 1, 2, 3, 4);
        HostTensor x = HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 3, 2), 1, 0, 0, 1, 1, 1);
        HostTensor one = HostTensor.ofRowMajor(ROW, 1, 1, 1, 1)) {
      session.write("w", w);
      assertArrayEquals(
          new double[] {1, 2, 3, 4, 4, 6},
          session.run(product, new Feeds().with("x", x)).get("y").toRowMajor());
      session.run(adding, new Feeds().with("x", one));
      session.run(adding, new Feeds().with("x", one));
      session.poisonActivations();
      assertArrayEquals(
          new double[] {3, 4, 5, 6, 8, 10},
          session.run(product, new Feeds().with("x", x)).get("y").toRowMajor());
      try (HostTensor after = session.read("w")) {
        assertArrayEquals(new double[] {3, 4, 5, 6}, after.toRowMajor());
      }
    }
  }

  @Test
  void programsShareOneActivationArenaOfTheLargestSize() {
    List<Device> devices = devices(1);
    Executable small = new Compiler(devices).compile(product(3));
    Executable large = new Compiler(devices).compile(product(300));
    MemoryUse both = MemoryUse.of(devices.getFirst(), 0, List.of(small, large));
    MemoryUse alone = MemoryUse.of(devices.getFirst(), 0, List.of(large));
    assertEquals(alone, both);
    try (Session session = Session.open(devices, List.of(small, large))) {
      assertEquals(both.totalBytes(), session.allocatedBytes(0));
    }
  }

  @Test
  void memoryIsToldApartByUse() {
    List<Device> devices = devices(1);
    Executable product = new Compiler(devices).compile(product(16));
    MemoryUse use = MemoryUse.of(devices.getFirst(), 0, List.of(product));
    // The parameter takes 32 bytes, aligned; input and output 256 each, the input is rectified in
    // place.
    assertEquals(new MemoryUse(64, 0, 0, 0, 0, 2 * 256, 0, 0), use);
    devices.forEach(Device::close);
  }

  @Test
  void theWholeIsTheSumOfItsParts() {
    assertEquals(255, new MemoryUse(1, 2, 4, 8, 16, 32, 64, 128).totalBytes());
  }

  @Test
  void tracingShowsEveryNodeAndGivesWhatARunGives() {
    List<Device> devices = devices(1);
    Executable product = new Compiler(devices).compile(product(1));
    try (Session session = Session.open(devices, List.of(product));
        HostTensor w = HostTensor.ofRowMajor(ROW, 1, 2, 3, 4);
        HostTensor x = HostTensor.ofRowMajor(TensorType.of(DType.FLOAT64, 1, 2), -1, 1)) {
      session.write("w", w);
      List<String> seen = new ArrayList<>();
      Fetches traced =
          session.trace(
              product,
              new Feeds().with("x", x),
              (node, value, result) -> seen.add(node.name() + " " + result.get(0)));
      assertEquals(List.of("rectify 0.0", "product 3.0"), seen);
      assertArrayEquals(new double[] {3, 4}, traced.get("y").toRowMajor());
    }
  }

  @Test
  void whatIsNotThereOrDoesNotFitIsADefect() {
    List<Device> devices = devices(1);
    Executable adding = new Compiler(devices).compile(adding());
    try (Session session = Session.open(devices, List.of(adding));
        HostTensor wrong = HostTensor.zeros(TensorType.of(DType.FLOAT64, 3, 2))) {
      Expect.error(ErrorKind.INTERNAL, () -> session.run(adding, new Feeds()), "x is not fed");
      Expect.error(
          ErrorKind.INTERNAL,
          () -> session.run(adding, new Feeds().with("x", wrong)),
          "input x is fed f64[3,2], expected f64[2,2]");
      Expect.error(
          ErrorKind.INTERNAL, () -> session.write("w", wrong), "w is f64[2,2]", "f64[3,2]");
      Expect.error(ErrorKind.INTERNAL, () -> session.read("v"), "no state is called v");
    }
  }

  @Test
  void tooLittleMemoryIsSaidInFigures() {
    GraphBuilder builder = new GraphBuilder("huge").at("n");
    Value x = builder.input("x", TensorType.of(DType.FLOAT32, 1 << 16, 1 << 16));
    builder.output("y", builder.emit(new Relu(), x));
    List<Device> devices = devices(1);
    Executable huge = new Compiler(devices).compile(builder.build());
    Expect.error(
        ErrorKind.RESOURCE,
        () -> Session.open(devices, List.of(huge)).close(),
        "reference:0",
        "32,768 MiB for activations",
        "use a smaller batch");
  }

  /** Each result is rounded once to its format; nothing is rounded in between. */
  @Test
  void resultsAreRoundedToTheirFormat() {
    GraphBuilder builder = new GraphBuilder("half").at("n");
    Value x = builder.input("x", TensorType.of(DType.FLOAT16, 1, 2));
    builder.output("y", builder.emit(new MatMul(false, true), x, x));
    List<Device> devices = devices(1);
    Executable square = new Compiler(devices).compile(builder.build());
    try (Session session = Session.open(devices, List.of(square));
        HostTensor tensor = HostTensor.ofRowMajor(x.type(), 1, 0x1p-5)) {
      double y = session.run(square, new Feeds().with("x", tensor)).scalar("y");
      assertEquals(DType.FLOAT16.round(1 + 0x1p-10), y);
      assertTrue(y > 1);
    }
  }

  private static Graph adding() {
    GraphBuilder builder = new GraphBuilder("adding").at("sum");
    Value x = builder.input("x", ROW);
    Value w = builder.state("w", new StateRole.Parameter(), ROW);
    builder.update(w, builder.emit(new Add(), w, x));
    return builder.build();
  }

  private static Graph product(int batch) {
    GraphBuilder builder = new GraphBuilder("product");
    Value x = builder.batchedInput("x", TensorType.of(DType.FLOAT64, batch, 2));
    Value w = builder.state("w", new StateRole.Parameter(), ROW);
    Value positive = builder.at("rectify").emit(new Relu(), x);
    Value y = builder.at("product").emit(new MatMul(false, false), positive, w);
    builder.batchedOutput("y", y);
    return builder.build();
  }

  private static List<Device> devices(int count) {
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      devices.add(new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, i), 1));
    }
    return devices;
  }
}
