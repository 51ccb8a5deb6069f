package io.ventral.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ventral.backend.Device;
import io.ventral.backend.NativeLibrary;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Conv2d;
import io.ventral.op.Value;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.run.Compiler;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.MemoryUse;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.testing.Choices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filters packed ahead, against filters packed in every run. */
class PreparedFilterTest {
  private static final TensorType INPUT = TensorType.of(DType.FLOAT32, 2, 16, 9, 9);
  private static final TensorType FILTER = TensorType.of(DType.FLOAT32, 32, 16, 3, 3);

  @Test
  void aFilterIsPackedAgainWhenItWasWritten() {
    try (Convolution ahead = new Convolution(false);
        Convolution always = new Convolution(true)) {
      assertFalse(ahead.prepared().isEmpty());
      assertEquals(List.of(), always.prepared());
      for (int i = 0; i < 3; i++) {
        ahead.write(i);
        always.write(i);
        assertArrayEquals(always.run(10 + i), ahead.run(10 + i), "first run behind writing " + i);
        assertArrayEquals(always.run(20 + i), ahead.run(20 + i), "second run behind writing " + i);
      }
    }
  }

  @Test
  void memoryIsForetold() {
    try (Convolution ahead = new Convolution(false)) {
      MemoryUse use = MemoryUse.of(ahead.devices.getFirst(), 0, List.of(ahead.executable));
      assertEquals(FILTER.bytes(), use.preparedBytes());
      assertEquals(use.totalBytes(), ahead.session.allocatedBytes(0));
    }
  }

  private static final class Convolution implements AutoCloseable {
    private final List<Device> devices =
        List.of(new OneDnnDevice(new DeviceId(DeviceKind.CPU, 0), 1, NativeLibrary.folder()));
    private final Executable executable;
    private final Session session;

    Convolution(boolean plain) {
      Compiler compiler = plain ? Compiler.plain(devices) : new Compiler(devices);
      executable = compiler.compile(graph());
      session = Session.open(devices, List.of(executable));
    }

    List<?> prepared() {
      return executable.plan().prepared();
    }

    void write(int seed) {
      try (HostTensor filter = tensor(FILTER, seed)) {
        session.write("w", filter);
      }
    }

    double[] run(int seed) {
      session.poisonActivations();
      try (HostTensor x = tensor(INPUT, seed)) {
        return session.run(executable, new Feeds().with("x", x)).get("y").toRowMajor();
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static HostTensor tensor(TensorType type, int seed) {
    return HostTensor.ofRowMajor(type, Choices.values(seed, type.elements()));
  }

  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("convolution").at("conv");
    Value x = builder.input("x", INPUT);
    Value w = builder.state("w", new StateRole.Parameter(), FILTER);
    builder.output("y", builder.emit(new Conv2d(Window2d.square(3, 1, 1), 1), x, w));
    return builder.build();
  }
}
