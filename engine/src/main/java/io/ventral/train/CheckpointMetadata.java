package io.ventral.train;

import io.ventral.data.Preprocessing;
import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.network.Network;
import io.ventral.network.NetworkJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@link CheckpointInfo} as the text entries of a safetensors file, and back. */
final class CheckpointMetadata {
  private static final String NETWORK = "ventral.network";
  private static final String CLASSES = "ventral.classes";
  private static final String TRAINING = "ventral.training";
  private static final String ARGUMENTS = "ventral.arguments";
  private static final String ORIGIN = "ventral.origin";
  private static final String CHOICES = "ventral.choices";

  private final JsonMapper json = JsonMapper.builder().build();

  Map<String, String> write(CheckpointInfo info) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put(NETWORK, new NetworkJson().write(info.network()));
    metadata.put(CLASSES, json.writeValueAsString(info.classNames()));
    metadata.putAll(info.preprocessing().toMetadata());
    info.training().ifPresent(state -> metadata.put(TRAINING, json.writeValueAsString(state)));
    metadata.put(ARGUMENTS, json.writeValueAsString(info.arguments()));
    metadata.put(ORIGIN, info.origin());
    if (!info.choices().isEmpty()) {
      metadata.put(CHOICES, json.writeValueAsString(info.choices()));
    }
    return metadata;
  }

  /** Returns what the file says, or empty if it is not ours. */
  Optional<CheckpointInfo> read(Map<String, String> metadata, Path file) {
    if (!metadata.containsKey(NETWORK)) {
      return Optional.empty();
    }
    try {
      Network network = new NetworkJson().read(metadata.get(NETWORK), file.toString());
      Preprocessing preprocessing =
          Preprocessing.fromMetadata(metadata)
              .orElseThrow(() -> EngineException.data("preprocessing is missing"));
      TypeReference<List<String>> strings = new TypeReference<>() {};
      List<String> classes = json.readValue(require(metadata, CLASSES), strings);
      List<String> arguments = json.readValue(require(metadata, ARGUMENTS), strings);
      Optional<TrainingState> training =
          Optional.ofNullable(metadata.get(TRAINING))
              .map(text -> json.readValue(text, TrainingState.class));
      return Optional.of(
          new CheckpointInfo(
              network,
              classes,
              preprocessing,
              training,
              arguments,
              metadata.getOrDefault(ORIGIN, ""),
              json.readValue(metadata.getOrDefault(CHOICES, "[]"), strings)));
    } catch (JacksonException | EngineException e) {
      throw new EngineException(
          ErrorKind.DATA,
          file + ": damaged metadata: " + e.getMessage().lines().findFirst().orElse(""),
          e);
    }
  }

  private static String require(Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw EngineException.data("entry " + key + " is missing");
    }
    return text;
  }
}
