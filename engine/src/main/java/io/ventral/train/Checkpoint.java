package io.ventral.train;

import io.ventral.error.EngineException;
import io.ventral.io.SafetensorsEntry;
import io.ventral.io.SafetensorsFile;
import io.ventral.io.SafetensorsWriter;
import io.ventral.network.ParameterSpec;
import io.ventral.run.Session;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file of weights: a safetensors file with the names and shapes of the ecosystem. Ours also hold
 * optimizer slots ({@code optimizer.…}) and, as metadata, {@link CheckpointInfo}.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String OPTIMIZER = "optimizer.";

  /** PyTorch's count of batches, which nothing here needs. */
  private static final String UNUSED_SUFFIX = ".num_batches_tracked";

  private final SafetensorsFile file;
  private final Optional<CheckpointInfo> info;

  private Checkpoint(SafetensorsFile file) {
    this.file = file;
    this.info = new CheckpointMetadata().read(file.metadata(), file.path());
  }

  /**
   * Returns the file at {@code path}, opened and, if it carries a checksum, verified.
   *
   * @throws EngineException USER if there is none; DATA if it is damaged
   */
  public static Checkpoint open(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    try {
      file.verify();
      return new Checkpoint(file);
    } catch (EngineException e) {
      file.close();
      throw e;
    }
  }

  /** Returns what the file says of its network and training; empty if it is not ours. */
  public Optional<CheckpointInfo> info() {
    return info;
  }

  public Path path() {
    return file.path();
  }

  /** Returns the shape in the file of a tensor, if the file has it. */
  public Optional<List<Long>> shape(String tensor) {
    return file.entry(tensor).map(SafetensorsEntry::shape);
  }

  /**
   * Writes all states of {@code session} but the flag that all is well, without which there would
   * be nothing to save, to {@code path}, replacing the file whole or not at all.
   *
   * @param parameters the stored tensors of the network
   * @throws EngineException RESOURCE if the disk is full
   */
  public static void save(
      Path path, Session session, List<ParameterSpec> parameters, CheckpointInfo info) {
    Map<String, Shape> fileShapes = fileShapes(parameters);
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    try {
      Map<String, TensorType> states = session.states();
      states.remove(Names.SOUND);
      states.forEach(
          (name, type) ->
              entries.add(
                  new SafetensorsWriter.Entry(
                      name, fileShape(name, type, fileShapes), session.read(name))));
      SafetensorsWriter.write(path, entries, new CheckpointMetadata().write(info));
    } finally {
      entries.forEach(entry -> entry.tensor().close());
    }
  }

  /**
   * Sets the stored tensors of the network in {@code session} from this file.
   *
   * @throws EngineException DATA if a tensor is missing, of another shape, or of no use to the
   *     network
   */
  public void loadParameters(Session session, List<ParameterSpec> parameters) {
    Set<String> unknown = new TreeSet<>(file.names());
    unknown.removeIf(name -> name.startsWith(OPTIMIZER) || name.endsWith(UNUSED_SUFFIX));
    for (ParameterSpec parameter : parameters) {
      unknown.remove(parameter.name());
      load(session, parameter.name(), parameter.fileShape());
    }
    if (!unknown.isEmpty()) {
      throw EngineException.data(
          "%s: tensor %s belongs to no layer of the network: another network's weights?"
              .formatted(path(), unknown.iterator().next()));
    }
  }

  /**
   * Sets every state of {@code session}, optimizer slots included, from this file. Loss scaling
   * stays as it is where the file has none, since it was not needed in the format used then.
   *
   * @throws EngineException DATA if a tensor is missing, of another shape, or of no use to the
   *     network
   */
  public void loadAll(Session session, List<ParameterSpec> parameters) {
    loadParameters(session, parameters);
    Initialization.trust(session);
    Map<String, Shape> fileShapes = fileShapes(parameters);
    session.states().entrySet().stream()
        .filter(state -> state.getKey().startsWith(OPTIMIZER))
        .filter(state -> !LossScaling.isState(state.getKey()) || knows(state.getKey()))
        .forEach(
            state ->
                load(
                    session,
                    state.getKey(),
                    fileShape(state.getKey(), state.getValue(), fileShapes)));
  }

  private boolean knows(String tensor) {
    return file.entry(tensor).isPresent();
  }

  private void load(Session session, String name, Shape fileShape) {
    SafetensorsEntry entry =
        file.entry(name)
            .orElseThrow(
                () ->
                    EngineException.data(
                        "%s: holds no tensor %s, which the network needs; it holds %d others, the first %s"
                            .formatted(
                                path(),
                                name,
                                file.names().size(),
                                file.names().stream().findFirst().orElse("(none)"))));
    List<Long> expected = new ArrayList<>();
    for (int extent : fileShape.extents()) {
      expected.add((long) extent);
    }
    if (!entry.shape().equals(expected)) {
      throw EngineException.data(
          "%s: tensor %s is %s, but the network needs %s: another network's weights?"
              .formatted(path(), name, entry.shape(), expected));
    }
    try (HostTensor tensor = file.read(name, session.states().get(name))) {
      session.write(name, tensor);
    }
  }

  /** Returns the shapes in files, by parameter name. */
  private static Map<String, Shape> fileShapes(List<ParameterSpec> parameters) {
    Map<String, Shape> shapes = new HashMap<>();
    parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.fileShape()));
    return shapes;
  }

  /** A slot {@code optimizer.SLOT.PARAMETER} has the shape of its parameter. */
  private static Shape fileShape(String state, TensorType type, Map<String, Shape> shapes) {
    String parameter =
        state.startsWith(OPTIMIZER)
            ? state.substring(state.indexOf('.', OPTIMIZER.length()) + 1)
            : state;
    return shapes.getOrDefault(parameter, type.shape());
  }

  @Override
  public void close() {
    file.close();
  }
}
