package io.ventral.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.BroadcastLike;
import io.ventral.op.Copy;
import io.ventral.op.Multiply;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One hard case each; kernels may lay any output over any input and need no scratch. */
class BufferPlannerTest {
  private static final TensorType TYPE = TensorType.of(DType.FLOAT64, 8);

  private static final BufferRules RULES =
      new BufferRules() {
        @Override
        public long bytes(Value value) {
          return 8 * value.type().elements();
        }

        @Override
        public long workspaceBytes(Node node) {
          return 0;
        }

        @Override
        public long preparedBytes(Node node, int input) {
          return 0;
        }

        @Override
        public boolean mayOverwrite(Node node, int input, int output) {
          return true;
        }
      };

  private final GraphBuilder builder = new GraphBuilder("case").at("n");
  private final Value x = builder.input("x", TYPE);
  private final Value a = state("a");
  private final Value b = state("b");

  @Test
  void aNewValueIsComputedStraightIntoItsState() {
    builder.update(a, builder.emit(new Add(), a, x));
    assertEquals(0, copies(plan()));
  }

  @Test
  void statesThatSwapAreReadBeforeEitherIsWritten() {
    builder.update(a, b);
    builder.update(b, a);
    assertEquals(4, copies(plan()));
  }

  @Test
  void aStateMayBecomeTheOldValueOfOneThatChanges() {
    builder.update(a, builder.emit(new Add(), a, x));
    builder.update(b, a);
    plan();
  }

  @Test
  void anOutputMayAskForTheOldValueOfAState() {
    builder.output("old", a);
    builder.update(a, builder.emit(new Scale(2), a));
    plan();
  }

  @Test
  void anOutputMayAskForAStateThatDoesNotChange() {
    builder.output("a", a);
    assertEquals(0, copies(plan()));
  }

  @Test
  void aStateMayBecomeAnInput() {
    builder.update(a, x);
    plan();
  }

  @Test
  void anInputMayBeAnOutputAndSurvivesTheRun() {
    builder.output("x", x);
    builder.output("y", builder.emit(new Relu(), x));
    plan();
  }

  @Test
  void oneValueMayBecomeSeveralStatesAndAnOutput() {
    Value sum = builder.emit(new Add(), a, b);
    builder.update(a, sum);
    builder.update(b, sum);
    builder.output("sum", sum);
    plan();
  }

  @Test
  void aStateMayBeReadByWhatDependsOnItsNewValue() {
    Value next = builder.emit(new Scale(2), a);
    builder.update(a, next);
    builder.output("difference", builder.emit(new Multiply(), next, a));
    plan();
  }

  @Test
  void twoGradientsOfOneParameterDoNotMeet() {
    Value g = builder.emit(new Scale(2), x);
    Value h = builder.emit(new Scale(3), x);
    builder.output("one", step(g).getFirst());
    builder.output("other", step(h).getFirst());
    plan();
  }

  @Test
  void theGradientOfAParameterLiesInTheGradientArena() {
    Value gradient = builder.emit(new Scale(2), x);
    builder.update(a, step(gradient).getFirst());
    BufferPlan plan = plan();
    assertEquals(new Home.OfGradient(plan.graph().states().getFirst()), plan.homes().get(gradient));
  }

  @Test
  void aChainOfElementwiseNodesLiesInOneBuffer() {
    Value first = builder.emit(new Relu(), x);
    Value last = first;
    for (int i = 0; i < 5; i++) {
      last = builder.emit(new Scale(i), last);
    }
    builder.output("y", last);
    BufferPlan plan = plan();
    assertEquals(plan.homes().get(first), plan.homes().get(last));
    assertEquals(TYPE.bytes(), plan.buffers().getFirst().plan().bytes());
  }

  @Test
  void anOperandThatIsReadAgainKeepsItsBuffer() {
    Value first = builder.emit(new Relu(), x);
    Value second = builder.emit(new Scale(2), first);
    builder.output("y", builder.emit(new Add(), first, second));
    assertNotEquals(plan().homes().get(first), plan().homes().get(second));
  }

  @Test
  void anOperandReadTwiceByOneNodeIsNotTakenOver() {
    Value first = builder.emit(new Relu(), x);
    Value square = builder.emit(new Multiply(), first, first);
    builder.output("y", square);
    assertNotEquals(plan().homes().get(first), plan().homes().get(square));
  }

  @Test
  void aValueOfWhichOnlyTheShapeMattersNeedNotLive() {
    Value wide =
        builder.emit(new Relu(), builder.input("wide", TensorType.of(DType.FLOAT64, 9, 8)));
    Value sum = builder.emit(new ReduceSum(List.of(0)), wide);
    Value spread = builder.emit(new BroadcastLike(List.of(0)), sum, wide);
    builder.output("y", spread);
    BufferPlan plan = plan();
    assertEquals(
        MemoryPlanner.aligned(8 * 72) + MemoryPlanner.aligned(64),
        plan.buffers().getFirst().plan().bytes());
  }

  private BufferPlan plan() {
    Graph graph = builder.build();
    BufferPlan plan = BufferPlanner.plan(Schedule.order(graph), RULES, true);
    SymbolicMachine.check(graph, plan, RULES);
    return plan;
  }

  private List<Value> step(Value gradient) {
    TensorType scalar = TensorType.of(DType.FLOAT64);
    Value rate = builder.input("rate", scalar);
    Value apply = builder.input("apply", scalar.with(DType.INT32));
    Value steps = builder.input("steps", scalar.with(DType.INT64));
    Value scale = builder.input("scale", scalar);
    SgdStep sgd = new SgdStep(0, false, List.of(new Segment(1, 0)));
    return builder.emit(sgd, List.of(rate, apply, steps, scale, a, gradient));
  }

  private Value state(String name) {
    return builder.state(name, new StateRole.Parameter(), TYPE);
  }

  private static long copies(BufferPlan plan) {
    return plan.graph().nodes().stream().filter(node -> node.op() instanceof Copy).count();
  }
}
