package io.ventral.rewrite;

import io.ventral.graph.Graph;
import io.ventral.graph.Node;
import io.ventral.op.BatchNormTrain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds the other branch of a residual block, and rectifies, in the last pass of a batch
 * normalisation; masks the gradient in the first pass of its gradient.
 *
 * <pre>
 * n, mean, … = BatchNormTrain x …          y, mean, … = BatchNormAddReluTrain x … a
 * s = Add n a
 * y = Relu s
 * d = ReluGrad y dy                        dx, …, d = BatchNormAddReluGrad x … y dy
 * dx, … = BatchNormGrad x … d
 * </pre>
 *
 * <p>Where nothing else needs n and s; d may have other readers. Of two normalisations that are
 * added the later is taken, unless nobody is waiting for the statistics of the first. On devices
 * that can do so alone.
 *
 * @param devices of the graph, in order
 */
public record FuseBatchNormAddRelu(List<DeviceTraits> devices) implements Rule {
  public FuseBatchNormAddRelu {
    devices = List.copyOf(devices);
  }

  @Override
  public Graph apply(Graph graph) {
    Users users = new Users(graph);
    Map<Node, Optional<Node>> replaced = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof BatchNormTrain && devices.get(node.device()).addsBehindNorm()) {
        NormAddReluMatch.of(node, users)
            .filter(match -> !replaced.containsKey(match.sum()))
            .ifPresent(match -> replaced.putAll(match.replacements()));
      }
    }
    List<Node> nodes =
        graph.nodes().stream()
            .flatMap(node -> replaced.getOrDefault(node, Optional.of(node)).stream())
            .toList();
    return new Graph(graph.name(), graph.inputs(), graph.states(), nodes, graph.outputs());
  }
}
