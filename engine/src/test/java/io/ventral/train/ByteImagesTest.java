package io.ventral.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.backend.Device;
import io.ventral.network.LoweringOptions;
import io.ventral.network.Network;
import io.ventral.network.NetworkBuilder;
import io.ventral.network.NetworkRequest;
import io.ventral.op.NormalizeBytes;
import io.ventral.run.Compiler;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images fed as bytes train a network to the bits that normalised numbers train it to. */
class ByteImagesTest {
  private static final int BATCH = 6;
  private static final int CLASSES = 5;
  private static final int STEPS = 3;
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);

  @ParameterizedTest
  @MethodSource("io.ventral.testing.EveryDevice#kinds")
  void giveTheBitsOfNormalisedNumbers(Supplier<List<Device>> kind) {
    Map<String, double[]> expected = train(kind.get(), new ImageInput.Normalized());
    Map<String, double[]> found = train(kind.get(), new ImageInput.Bytes(MEAN, STD));
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
  }

  /** Returns the losses and what all states have become. */
  private static Map<String, double[]> train(List<Device> devices, ImageInput form) {
    LoweringOptions lowering = new LoweringOptions(DType.FLOAT32, true, true, 1, 0);
    Optimizer sgd = new Optimizer.Sgd(0.9, false, 1e-4);
    TrainingProgram program =
        TrainingProgram.build(
            network(),
            BATCH,
            form,
            new TrainingProgram.Options(lowering, sgd, 0, Optional.empty(), false));
    Executable executable = new Compiler(devices).compile(program.graph());
    Map<String, double[]> results = new LinkedHashMap<>();
    try (Session session = Session.open(devices, List.of(executable));
        HostTensor images = images(form)) {
      Initialization.initialize(session, program.parameters(), 0);
      double[] losses = new double[STEPS];
      for (int step = 0; step < STEPS; step++) {
        losses[step] = session.run(executable, feeds(images, step)).scalar(Names.LOSS);
      }
      results.put(Names.LOSS, losses);
      for (String state : session.states().keySet()) {
        try (HostTensor tensor = session.read(state)) {
          results.put(state, tensor.toRowMajor());
        }
      }
    }
    return results;
  }

  private static Network network() {
    NetworkBuilder n = new NetworkBuilder("small", new NetworkRequest(3, 9, 9, CLASSES));
    var x = n.relu(n.conv("conv", n.input(), 8, Window2d.square(3, 1, 1)));
    return n.build(n.linear("classes", n.flatten(x), CLASSES));
  }

  private static HostTensor images(ImageInput form) {
    double[] table = new NormalizeBytes(DType.FLOAT32, MEAN, STD).table();
    DType dtype = form instanceof ImageInput.Bytes ? DType.UINT8 : DType.FLOAT32;
    HostTensor images = HostTensor.zeros(TensorType.of(dtype, BATCH, 3, 9, 9));
    Philox random = new Philox(1);
    for (long i = 0; i < images.type().elements(); i++) {
      int value = random.below(256, 0, 0, i);
      // Channels are innermost in memory.
      images.set(i, dtype == DType.UINT8 ? value : table[(int) (i % 3) * 256 + value]);
    }
    return images;
  }

  private static Feeds feeds(HostTensor images, int step) {
    HostTensor labels = HostTensor.zeros(TensorType.of(DType.INT64, BATCH));
    labels.setRowMajor(i -> i % CLASSES);
    HostTensor weights = HostTensor.zeros(TensorType.of(DType.FLOAT32, BATCH));
    weights.setRowMajor(i -> 1);
    return new Feeds()
        .with(Names.INPUT, images)
        .with(Names.LABELS, labels)
        .with(Names.WEIGHTS, weights)
        .with(Names.NORMALIZER, HostTensor.scalar(DType.FLOAT32, 1.0 / BATCH))
        .with(Names.RATE, HostTensor.scalar(DType.FLOAT32, 0.01))
        .with(Names.STEP, HostTensor.scalar(DType.INT64, step));
  }
}
