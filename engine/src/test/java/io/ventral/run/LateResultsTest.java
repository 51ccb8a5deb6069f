package io.ventral.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.ventral.backend.Device;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results that are read while later runs are under way are those of their own run. */
class LateResultsTest {
  private static final TensorType ROW = TensorType.of(DType.FLOAT32, 3);
  private static final int RUNS = 20;

  /** Each run adds its input to a state and gives what that has become. */
  private static Executable sum(List<Device> devices) {
    GraphBuilder builder = new GraphBuilder("sum").at("sum");
    Value x = builder.input("x", ROW);
    Value state = builder.state("sum", new StateRole.Parameter(), ROW);
    Value y = builder.emit(new Add(), state, x);
    builder.update(state, y);
    builder.output("y", y);
    return new Compiler(devices).compile(builder.build());
  }

  /**
   * Runs of three programs in turn, two of each under way: more than there are buffers for inputs,
   * so whatever is filled or read too early has a wrong number in it.
   */
  @ParameterizedTest
  @MethodSource("io.ventral.testing.EveryDevice#kinds")
  void areThoseOfTheirOwnRun(Supplier<List<Device>> kind) {
    List<Device> devices = kind.get();
    List<Executable> programs = List.of(sum(devices), sum(devices), sum(devices));
    Deque<Pending> underWay = new ArrayDeque<>();
    Deque<Double> expected = new ArrayDeque<>();
    try (Session session = Session.open(devices, programs);
        HostTensor x = HostTensor.zeros(ROW);
        HostTensor zeros = HostTensor.zeros(ROW)) {
      session.write("sum", zeros);
      double sum = 0;
      for (int run = 1; run <= RUNS; run++) {
        if (underWay.size() == 2 * programs.size()) {
          assertSum(expected.removeFirst(), underWay.removeFirst().await());
        }
        double term = run * run;
        x.setRowMajor(element -> term * (element + 1));
        Executable program = programs.get(run % programs.size());
        underWay.add(session.launch(program, new Feeds().with("x", x)));
        // What is fed is copied: the caller may do with it what he likes.
        x.setRowMajor(element -> Double.NaN);
        sum += term;
        expected.add(sum);
      }
      underWay.forEach(pending -> assertSum(expected.removeFirst(), pending.await()));
    }
  }

  private static void assertSum(double sum, Fetches fetches) {
    assertArrayEquals(new double[] {sum, 2 * sum, 3 * sum}, fetches.get("y").toRowMajor());
  }
}
