package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.backend.cuda.CudaOptions;
import io.ventral.network.GoldenFill;
import io.ventral.network.Network;
import io.ventral.network.NetworkRequest;
import io.ventral.network.ParameterRole;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Precision;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.train.Optimizer;
import io.ventral.train.TensorRun;
import io.ventral.train.TensorSteps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks train on the CUDA backend, here on the simulation of CUDA, as they should. */
class CudaTrainingTest {
  private static final int BATCH = 2;
  private static final int CLASSES = 10;
  private static final int STEPS = 4;
  private static final double RATE = 1e-3;

  private static final int DRAWS = 2;
  private static final double STANDARD_DEVIATIONS = 8;

  private static final Precision DOUBLE = Precision.uniform(DType.FLOAT64);
  private static final Precision SINGLE = Precision.uniform(DType.FLOAT32);

  private static final long WORKSPACE_BYTES = 4L << 20;

  @BeforeAll
  static void needsTheSimulation() {
    Path driver = Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulation of CUDA is not built: no g++");
  }

  @ParameterizedTest
  @CsvSource({"lenet5, 1, 28, 4", "resnet18, 3, 64, 2"})
  void agreesWithTheReference(String name, int channels, int size, int steps) {
    double[] expected;
    try (Run reference = new Run(name, channels, size, DeviceKind.REFERENCE, DOUBLE, true)) {
      expected = reference.losses(steps);
    }
    double[] allowed = allowed(name, channels, size, DOUBLE, expected);
    try (Run cuda = new Run(name, channels, size, DeviceKind.CUDA, SINGLE, true)) {
      double[] found = cuda.losses(steps);
      for (int step = 0; step < steps; step++) {
        assertEquals(expected[step], found[step], allowed[step], name + ", step " + step);
      }
    }
  }

  /**
   * Returns what each loss may be off by in float32. A kernel that is right gives the exact result
   * of factors off by 8·u·√n each at most, u half of float32's epsilon and n the terms of its sums
   * (the second term of {@link io.ventral.check.Parity}'s tolerance: 8 standard deviations of
   * u·√n). So the reference makes the same steps with every parameter moved by ±u·√n of itself,
   * which puts such an error into every layer, forward and backward, and turns the rectifiers that
   * float32 would turn; n is a weight's own terms, and where there is one number a channel the
   * pixels of the batch, over which statistics are summed. The root mean square of what the loss
   * moves by is the standard deviation; a step adds its errors to those of the steps before it, and
   * the loss is rounded itself.
   */
  private static double[] allowed(
      String name, int channels, int size, Precision precision, double[] exact) {
    double[] squares = new double[exact.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      try (Run moved = new Run(name, channels, size, DeviceKind.REFERENCE, precision, true)) {
        moved.move(BATCH * size * size, precision, draw);
        double[] losses = moved.losses(exact.length);
        for (int step = 0; step < exact.length; step++) {
          squares[step] += Math.pow(losses[step] - exact[step], 2);
        }
      }
    }
    double[] allowed = new double[exact.length];
    for (int step = 0; step < exact.length; step++) {
      double deviation = Math.sqrt(squares[step] / DRAWS);
      allowed[step] =
          STANDARD_DEVIATIONS * (step + 1) * deviation + DType.FLOAT32.epsilon() * exact[step];
    }
    return allowed;
  }

  /**
   * In the same arithmetic: both round at the same places, and the sums in front, in FLOAT32 here,
   * in double there, may fall on two sides of a boundary between numbers of 16 bits. Parameters
   * moved by as much as such sums are off cross boundaries as well, where they are rounded. The GPU
   * alone rounds biases to 16 bits, so these are moved by half of that format's epsilon.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 1, 28, FLOAT16", "lenet5, 1, 28, BFLOAT16",
    "small-resnet, 3, 16, FLOAT16", "small-resnet, 3, 16, BFLOAT16"
  })
  void agreesWithTheReferenceIn16Bits(String name, int channels, int size, DType format) {
    Precision precision = Precision.mixed(format);
    double[] expected;
    try (Run reference = new Run(name, channels, size, DeviceKind.REFERENCE, precision, true)) {
      expected = reference.losses(STEPS);
    }
    double[] allowed = allowed(name, channels, size, precision, expected);
    try (Run cuda = new Run(name, channels, size, DeviceKind.CUDA, precision, true)) {
      double[] found = cuda.losses(STEPS);
      for (int step = 0; step < STEPS; step++) {
        assertEquals(expected[step], found[step], allowed[step], name + ", step " + step);
      }
    }
  }

  /**
   * In FLOAT16 the scale of the loss, and what is skipped for it, is decided in the captured step.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 1, 28, FLOAT32",
    "lenet5, 1, 28, FLOAT16",
    "resnet18, 3, 32, FLOAT32",
    "resnet18, 3, 32, BFLOAT16",
    "small-resnet, 3, 16, FLOAT16"
  })
  void replayedStepsGiveTheBitsOfSingleLaunches(String name, int channels, int size, DType format) {
    Precision precision = format == DType.FLOAT32 ? SINGLE : Precision.mixed(format);
    try (Run captured = new Run(name, channels, size, DeviceKind.CUDA, precision, true);
        Run eager = new Run(name, channels, size, DeviceKind.CUDA, precision, false)) {
      for (int step = 0; step < STEPS; step++) {
        TensorSteps.Result expected = eager.step();
        TensorSteps.Result found = captured.step();
        assertEquals(expected.loss(), found.loss(), "loss of step " + step);
        assertEquals(expected.skipped(), found.skipped(), "step " + step);
        Map<String, double[]> gradients = elements(found);
        elements(expected)
            .forEach((key, values) -> assertArrayEquals(values, gradients.get(key), key));
      }
    }
  }

  private static Map<String, double[]> elements(TensorSteps.Result result) {
    Map<String, double[]> elements = new TreeMap<>();
    result.gradients().forEach((name, tensor) -> elements.put(name, tensor.toRowMajor()));
    return elements;
  }

  /** A small network with parameters and images by formula. */
  private static final class Run implements AutoCloseable {
    private final TensorRun run;
    private final HostTensor images;
    private final HostTensor labels =
        HostTensor.ofRowMajor(TensorType.of(DType.INT64, BATCH), 3, 7);

    Run(
        String name,
        int channels,
        int size,
        DeviceKind device,
        Precision precision,
        boolean graphs) {
      Network network = SmallResNet.find(name, new NetworkRequest(channels, size, size, CLASSES));
      GoldenFill fill = new GoldenFill("");
      images =
          fill.uniform("input", TensorType.of(precision.stored(), BATCH, channels, size, size));
      CudaOptions cuda = new CudaOptions(false, false, graphs, WORKSPACE_BYTES, Optional.empty());
      run =
          TensorRun.open(
              network,
              BATCH,
              new TensorRun.Options(
                  Mesh.of(new DeviceId(device, 0)),
                  precision,
                  new DeviceOptions(2, cuda),
                  false,
                  List.of(network.output()),
                  Optional.of(new Optimizer.Sgd(0.9, false, 1e-4))));
      run.fill(fill);
    }

    /** Moves every number of every parameter up or down by u·√n of itself, biases by u if more. */
    void move(int pixels, Precision precision, int draw) {
      Philox random = new Philox(draw);
      GoldenFill fill = new GoldenFill("");
      run.fill(
          (parameter, dtype) -> {
            int purpose = Philox.purpose(parameter.name());
            HostTensor tensor = fill.tensor(parameter, dtype);
            Shape shape = parameter.shape();
            double terms = shape.rank() > 1 ? shape.elementsPerSample() : pixels;
            double sums = DType.FLOAT32.epsilon() / 2 * Math.sqrt(terms);
            double rounding = precision.computed().epsilon() / 2;
            double share = parameter.role() == ParameterRole.BIAS ? Math.max(sums, rounding) : sums;
            for (long i = 0; i < tensor.type().elements(); i++) {
              double sign = random.uniform(purpose, 0, i) < 0.5 ? -1 : 1;
              tensor.set(i, tensor.get(i) * (1 + sign * share));
            }
            return tensor;
          });
    }

    double[] losses(int steps) {
      double[] losses = new double[steps];
      for (int step = 0; step < steps; step++) {
        losses[step] = step().loss();
      }
      return losses;
    }

    TensorSteps.Result step() {
      return run.step(images, labels, RATE);
    }

    @Override
    public void close() {
      run.close();
      images.close();
      labels.close();
    }
  }
}
