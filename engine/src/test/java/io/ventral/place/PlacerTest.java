package io.ventral.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Input;
import io.ventral.graph.Node;
import io.ventral.graph.State;
import io.ventral.graph.StateRole;
import io.ventral.op.Add;
import io.ventral.op.AllReduce;
import io.ventral.op.BatchNormTrain;
import io.ventral.op.Dropout;
import io.ventral.op.FiniteCheck;
import io.ventral.op.MatMul;
import io.ventral.op.Op;
import io.ventral.op.ReduceMean;
import io.ventral.op.ReduceSum;
import io.ventral.op.Relu;
import io.ventral.op.Scale;
import io.ventral.op.Slice;
import io.ventral.op.Transpose;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacerTest {
  private final GraphBuilder builder = new GraphBuilder("test").at("layer");
  private final Value x = builder.batchedInput("x", TensorType.of(DType.FLOAT64, 5, 4));

  @Test
  void oneDeviceTakesTheGraphAsItIs() {
    builder.batchedOutput("y", builder.emit(new Relu(), x));
    Graph graph = builder.build();
    assertSame(graph, Placer.place(graph, 1));
  }

  @Test
  void theBatchIsDividedAlmostEvenly() {
    builder.batchedOutput("y", builder.emit(new Relu(), x));
    Graph placed = Placer.place(builder.build(), 3);
    assertEquals(
        List.of("[1,4]", "[2,4]", "[2,4]"),
        placed.inputs().stream().map(i -> i.value().type().shape().toString()).toList());
    assertEquals(List.of(0, 1, 2), placed.nodes().stream().map(Node::device).toList());
    assertEquals(
        placed.inputs().stream().map(Input::shard).toList(),
        placed.outputs().stream().map(output -> output.shard()).toList());
  }

  @Test
  void aBatchSmallerThanTheMeshLeavesDevicesWithoutAShare() {
    builder.batchedOutput("y", builder.emit(new Relu(), x));
    Graph placed = Placer.place(builder.build(), 7);
    assertEquals(5, placed.inputs().size());
    assertEquals(5, placed.nodes().size());
  }

  @Test
  void everyDeviceHasEveryState() {
    Value w = builder.state("w", new StateRole.Parameter(), TensorType.of(DType.FLOAT64, 4));
    builder.update(w, builder.emit(new ReduceSum(List.of(0)), x));
    Graph placed = Placer.place(builder.build(), 3);
    assertEquals(List.of("w", "w", "w"), placed.states().stream().map(State::name).toList());
    assertEquals(List.of(0, 1, 2), placed.states().stream().map(State::device).toList());
  }

  @Test
  void aSumOverTheBatchIsReducedOnceAndAsLateAsPossible() {
    Value sum = builder.emit(new ReduceSum(List.of(0)), x);
    Value scaled = builder.emit(new Add(), builder.emit(new Scale(0.5), sum), sum);
    builder.output("a", builder.emit(new Relu(), scaled));
    builder.output("b", scaled);
    Graph placed = Placer.place(builder.build(), 2);
    List<Node> reductions =
        placed.nodes().stream().filter(node -> node.op() instanceof AllReduce).toList();
    assertEquals(1, reductions.size());
    int at = placed.nodes().indexOf(reductions.getFirst());
    assertTrue(placed.nodes().get(at - 1).op() instanceof Add);
  }

  @Test
  void dropoutCountsItsSamplesInTheWholeBatch() {
    Value step = builder.input("step", TensorType.of(DType.INT64));
    builder.batchedOutput("y", builder.emit(new Dropout(0.5, 1, 2, 0), x, step));
    Graph placed = Placer.place(builder.build(), 2);
    assertEquals(
        List.of(new Dropout(0.5, 1, 2, 0), new Dropout(0.5, 1, 2, 2)),
        placed.nodes().stream().map(Node::op).toList());
  }

  @Test
  void statisticsGroupsAreDealtOut() {
    TensorType channels = TensorType.of(DType.FLOAT64, 4);
    List<Value> all =
        builder.emit(
            new BatchNormTrain(1e-5, 2),
            List.of(x, builder.input("scale", channels), builder.input("bias", channels)));
    builder.batchedOutput("y", all.getFirst());
    Graph placed = Placer.place(builder.build(), 2);
    assertEquals(
        List.of(new BatchNormTrain(1e-5, 1), new BatchNormTrain(1e-5, 1)),
        placed.nodes().stream().map(Node::op).toList());
    Expect.error(
        ErrorKind.UNSUPPORTED, () -> Placer.place(builder.build(), 3), "layer", "2 statistics");
  }

  static List<Op> mixingSamples() {
    return List.of(
        new Slice(0, 1, 3),
        new Transpose(List.of(1, 0)),
        new ReduceMean(List.of(0)),
        new FiniteCheck());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mixingSamples")
  void whatMixesSamplesIsRefusedByLayerAndReason(Op op) {
    builder.output("y", builder.emit(op, x));
    Graph graph = builder.build();
    Expect.error(
        ErrorKind.UNSUPPORTED,
        () -> Placer.place(graph, 2),
        "layer",
        op.label(),
        "cannot be sharded");
  }

  /** Each device has the products of its own samples only. */
  @Test
  void productsBetweenSamplesAreRefused() {
    builder.output("gram", builder.emit(new MatMul(false, true), x, x));
    Graph graph = builder.build();
    Expect.error(ErrorKind.UNSUPPORTED, () -> Placer.place(graph, 2), "layer", "cannot be sharded");
  }

  @Test
  void aStateThatWouldDifferBetweenDevicesIsRefused() {
    Value memory = builder.state("memory", new StateRole.Statistic(), x.type());
    builder.update(memory, builder.emit(new Relu(), x));
    Graph graph = builder.build();
    Expect.error(ErrorKind.UNSUPPORTED, () -> Placer.place(graph, 2), "state memory", "differ");
  }

  @Test
  void whatDependsOnNoSampleIsComputedEverywhere() {
    Value w = builder.input("w", TensorType.of(DType.FLOAT64, 4));
    builder.output("y", builder.emit(new Relu(), w));
    Graph placed = Placer.place(builder.build(), 3);
    assertEquals(
        IntStream.range(0, 3).boxed().toList(), placed.nodes().stream().map(Node::device).toList());
    assertEquals(1, placed.outputs().size());
  }
}
