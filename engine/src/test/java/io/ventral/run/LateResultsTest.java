package io.ventral.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.backend.Device;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results that are read while later runs are under way are those of their own run. */
class LateResultsTest {
  private static final TensorType ROW = TensorType.of(DType.FLOAT32, 3);
  private static final int RUNS = 9;

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

  @ParameterizedTest
  @MethodSource("io.ventral.testing.EveryDevice#kinds")
  void areThoseOfTheirOwnRun(Supplier<List<Device>> kind) {
    List<Device> devices = kind.get();
    Executable one = sum(devices);
    Executable other = sum(devices);
    try (Session session = Session.open(devices, List.of(one, other));
        HostTensor x = HostTensor.zeros(ROW);
        HostTensor zeros = HostTensor.zeros(ROW)) {
      session.write("sum", zeros);
      List<Pending> underWay = new ArrayList<>();
      double sum = 0;
      for (int run = 0; run < RUNS; run++) {
        // The two programs in turn, each with two runs that nobody has waited for.
        for (Executable executable : List.of(one, other)) {
          while (underWay.size() > 3) {
            sum++;
            assertSum(sum, underWay.removeFirst().await());
          }
          x.setRowMajor(element -> element + 1);
          underWay.add(session.launch(executable, new Feeds().with("x", x)));
          // What is fed is copied: the caller may do with it what he likes.
          x.setRowMajor(element -> Double.NaN);
        }
      }
      for (Pending pending : underWay) {
        sum++;
        assertSum(sum, pending.await());
      }
      assertEquals(2 * RUNS, sum);
    }
  }

  private static void assertSum(double sum, Fetches fetches) {
    assertArrayEquals(new double[] {sum, 2 * sum, 3 * sum}, fetches.get("y").toRowMajor());
  }
}
