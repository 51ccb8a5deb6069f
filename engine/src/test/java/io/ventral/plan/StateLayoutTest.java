package io.ventral.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.error.ErrorKind;
import io.ventral.graph.Graph;
import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateLayoutTest {
  private static final StateRole PARAMETER = new StateRole.Parameter();
  private static final StateRole MOMENTUM = new StateRole.Slot("momentum");

  @Test
  void slotsLieInTheOrderOfTheirParameters() {
    StateLayout layout = layout(training());
    StateLayout.Section parameters = layout.sections(0).get(PARAMETER);
    StateLayout.Section slots = layout.sections(0).get(MOMENTUM);
    for (int i = 0; i < 3; i++) {
      assertEquals(parameters.offset("w" + i), slots.offset("m" + i));
    }
    assertEquals(parameters.bytes(), slots.bytes());
  }

  @Test
  void statesLieOneBehindTheOtherAligned() {
    StateLayout.Section parameters = layout(training()).sections(0).get(PARAMETER);
    assertEquals(0, parameters.offset("w0"));
    assertEquals(64, parameters.offset("w1"));
    assertEquals(192, parameters.offset("w2"));
    assertEquals(384, parameters.bytes());
  }

  @Test
  void programsShareTheStatesOfOneName() {
    GraphBuilder evaluation = new GraphBuilder("evaluate");
    evaluation.state("w2", PARAMETER, type(17));
    evaluation.state("extra", PARAMETER, type(1));
    StateLayout alone = layout(training());
    StateLayout both = layout(training(), evaluation.build());
    StateLayout.Section parameters = both.sections(0).get(PARAMETER);
    assertEquals(alone.sections(0).get(PARAMETER).offset("w2"), parameters.offset("w2"));
    assertEquals(alone.sections(0).get(PARAMETER).bytes(), parameters.offset("extra"));
    assertEquals(List.of("w0", "m0", "w1", "m1", "w2", "m2", "extra"), names(both));
  }

  @Test
  void everyDeviceHasItsReplica() {
    GraphBuilder builder = new GraphBuilder("two");
    builder.on(0).state("w", PARAMETER, type(3));
    builder.on(1).state("only here", PARAMETER, type(9));
    builder.on(1).state("w", PARAMETER, type(3));
    StateLayout layout = layout(builder.build());
    assertEquals(0, layout.sections(0).get(PARAMETER).offset("w"));
    assertEquals(128, layout.sections(1).get(PARAMETER).offset("w"));
    assertEquals(Map.of(), layout.sections(2));
  }

  @Test
  void programsThatDisagreeOnAStateAreRefused() {
    GraphBuilder other = new GraphBuilder("other");
    other.state("w1", PARAMETER, type(10));
    Graph wrongShape = other.build();
    Expect.error(
        ErrorKind.INTERNAL, () -> layout(training(), wrongShape), "w1", "f64[9]", "f64[10]");
    GraphBuilder renamed = new GraphBuilder("renamed");
    renamed.state("w1", MOMENTUM, type(9));
    Graph wrongRole = renamed.build();
    Expect.error(ErrorKind.INTERNAL, () -> layout(training(), wrongRole), "state w1");
  }

  private static Graph training() {
    GraphBuilder builder = new GraphBuilder("train");
    int[] sizes = {5, 9, 17};
    for (int i = 0; i < sizes.length; i++) {
      builder.state("w" + i, PARAMETER, type(sizes[i]));
      builder.state("m" + i, MOMENTUM, type(sizes[i]));
    }
    return builder.build();
  }

  private static TensorType type(int extent) {
    return TensorType.of(DType.FLOAT64, extent);
  }

  private static StateLayout layout(Graph... graphs) {
    return StateLayout.of(List.of(graphs), TensorType::bytes);
  }

  private static List<String> names(StateLayout layout) {
    return List.copyOf(layout.states().keySet());
  }
}
