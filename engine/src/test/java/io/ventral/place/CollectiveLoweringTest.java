package io.ventral.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.Node;
import io.ventral.op.Add;
import io.ventral.op.AllReduce;
import io.ventral.op.Copy;
import io.ventral.op.Op;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.RandomTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CollectiveLoweringTest {
  static final int[] SEEDS = IntStream.range(0, 20).toArray();

  @Test
  void partsAreAddedOnTheFirstDeviceInOrderAndTheSumIsDelivered() {
    GraphBuilder builder = new GraphBuilder("sum").at("gradient");
    List<Value> parts = new ArrayList<>();
    for (int device = 0; device < 3; device++) {
      parts.add(builder.on(device).input("x" + device, TensorType.of(DType.FLOAT64, 2)));
    }
    List<Value> sums = builder.emit(new AllReduce(List.of(0, 1, 2)), parts);
    builder.output("last", sums.getLast());
    Graph lowered = CollectiveLowering.lower(builder.build());
    List<Op> expected =
        List.of(new Copy(0), new Add(), new Copy(0), new Add(), new Copy(1), new Copy(2));
    assertEquals(expected, lowered.nodes().stream().map(Node::op).toList());
    Node secondSum = lowered.nodes().get(3);
    assertEquals(lowered.nodes().get(1).outputs().getFirst(), secondSum.inputs().getFirst());
    assertEquals(2, lowered.outputs().getFirst().value().device());
  }

  @ParameterizedTest(name = "seed {0}")
  @FieldSource("SEEDS")
  void onlyCopiesCrossDevices(int seed) {
    Graph placed = Placer.place(RandomTraining.of(seed, 4, 2), 2);
    assertTrue(placed.nodes().stream().anyMatch(node -> node.op() instanceof AllReduce));
    for (Node node : CollectiveLowering.lower(placed).nodes()) {
      boolean together = node.inputs().stream().allMatch(i -> i.device() == node.device());
      assertTrue(node.op() instanceof Copy || together, node.toString());
      assertTrue(!(node.op() instanceof AllReduce), node.toString());
    }
  }
}
