package io.ventral.graph;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.ventral.error.ErrorKind;
import io.ventral.op.Add;
import io.ventral.op.Copy;
import io.ventral.op.Relu;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import io.ventral.testing.Expect;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphVerifierTest {
  private static final TensorType TYPE = TensorType.of(DType.FLOAT64, 2);
  private static final Value X = new Value(0, TYPE, 0);
  private static final Value Y = new Value(1, TYPE, 0);
  private static final Value Z = new Value(2, TYPE, 0);
  private static final Value AWAY = new Value(3, TYPE, 1);
  private static final StateRole PARAMETER = new StateRole.Parameter();

  @Test
  void aWellFormedGraphPasses() {
    Graph graph = graph(List.of(state("s", Z, Y)), List.of(relu(X, Y)), Y);
    assertSame(graph, GraphVerifier.verified(graph));
  }

  @Test
  void aValueIsDefinedBeforeItIsUsed() {
    refuse(graph(List.of(), List.of(relu(Y, Z), relu(X, Y)), Z), "not known");
    refuse(graph(List.of(), List.of(), Y), "output y", "not known");
    refuse(graph(List.of(state("s", Z, Y)), List.of(), X), "state s", "not known");
  }

  @Test
  void aValueIsDefinedOnce() {
    refuse(graph(List.of(), List.of(relu(X, Y), relu(X, Y)), Y), "defined twice");
    refuse(graph(List.of(), List.of(relu(X, X)), X), "defined twice");
    refuse(graph(List.of(state("s", X, X)), List.of(), X), "state s", "defined twice");
  }

  @Test
  void anIdStandsForOneTypeAndDevice() {
    Value impostor = new Value(0, TensorType.of(DType.FLOAT64, 3), 0);
    refuse(graph(List.of(), List.of(), impostor), "not known");
    refuse(graph(List.of(), List.of(), new Value(0, TYPE, 1)), "not known");
  }

  @Test
  void outputsHaveTheTypesOfTheirOperation() {
    Value wrong = new Value(1, TensorType.of(DType.FLOAT64, 3), 0);
    refuse(graph(List.of(), List.of(relu(X, wrong)), X), "outputs should be [f64[2]]");
    refuse(
        graph(List.of(), List.of(new Node(new Relu(), List.of(X), List.of(Y, Z), "n")), X),
        "outputs should be");
  }

  @Test
  void onlyCollectivesCrossDevices() {
    Node copy = new Node(new Copy(1), List.of(X), List.of(AWAY), "copy");
    Graph crossing = graph(List.of(), List.of(copy), AWAY);
    assertSame(crossing, GraphVerifier.verified(crossing));
    Node add = new Node(new Add(), List.of(X, AWAY), List.of(Y), "sum");
    refuse(graph(List.of(), List.of(copy, add), Y), "sum", "another device");
  }

  @Test
  void aStateEndsAsItBegan() {
    Value other = new Value(9, TensorType.of(DType.FLOAT64, 3), 0);
    refuse(graph(List.of(state("s", other, X)), List.of(), X), "state s begins as");
    refuse(graph(List.of(state("s", AWAY, X)), List.of(), X), "state s begins as");
  }

  @Test
  void statesAreToldApartByNameAndDevice() {
    refuse(graph(List.of(state("s", Y, Y), state("s", Z, Z)), List.of(), X), "declared twice");
    Graph replicas = graph(List.of(state("s", Y, Y), state("s", AWAY, AWAY)), List.of(), X);
    assertSame(replicas, GraphVerifier.verified(replicas));
  }

  private static void refuse(Graph graph, String... parts) {
    Expect.error(ErrorKind.INTERNAL, () -> GraphVerifier.verified(graph), parts);
  }

  private static Graph graph(List<State> states, List<Node> nodes, Value output) {
    return new Graph(
        "g",
        List.of(new Input("x", X, Optional.empty())),
        states,
        nodes,
        List.of(new Output("y", output, Optional.empty())));
  }

  private static State state(String name, Value initial, Value last) {
    return new State(name, PARAMETER, initial, last);
  }

  private static Node relu(Value from, Value to) {
    return new Node(new Relu(), List.of(from), List.of(to), "n");
  }
}
