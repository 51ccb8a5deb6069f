package io.ventral.run;

import io.ventral.graph.Output;
import io.ventral.op.BatchShard;
import io.ventral.op.Value;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Memory of the host for the outputs of one run, and how they come there. */
final class Results {
  private final Map<String, HostTensor> tensors = new LinkedHashMap<>();
  private final Fetches fetches = new Fetches(tensors);
  private final Download[] downloads;

  Results(List<Output> outputs, PlacedProgram program) {
    for (Output output : outputs) {
      tensors.merge(output.name(), HostTensor.zeros(output.value().type()), Results::joined);
    }
    downloads = outputs.stream().map(output -> download(output, program)).toArray(Download[]::new);
  }

  /** Returns a tensor that holds the rows of both, which it replaces. */
  private static HostTensor joined(HostTensor first, HostTensor second) {
    try (first;
        second) {
      Shape shape = first.type().shape();
      int rows = first.type().extent(0) + second.type().extent(0);
      return HostTensor.zeros(first.type().with(shape.with(0, rows)));
    }
  }

  private Download download(Output output, PlacedProgram program) {
    Value value = output.value();
    return new Download(
        program.device(value),
        program.region(value),
        tensors.get(output.name()),
        first(value, output.shard()));
  }

  /** Returns the memory index in the whole tensor at which a shard begins. */
  static long first(Value value, Optional<BatchShard> shard) {
    return shard.map(rows -> rows.firstRow() * value.type().shape().elementsPerSample()).orElse(0L);
  }

  List<Download> downloads() {
    return List.of(downloads);
  }

  /** Returns the outputs of the run launched last, waiting for it. */
  Fetches download() {
    for (Download download : downloads) {
      download.fetch();
    }
    return fetches;
  }

  Fetches fetches() {
    return fetches;
  }

  void close() {
    tensors.values().forEach(HostTensor::close);
  }
}
