package io.ventral.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of a safetensors header, one entry at a time, so that a bad one ends it early. */
final class SafetensorsHeaderParser {
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

  private final InputFile file;
  private final Map<String, String> metadata;
  private final Map<String, SafetensorsEntry> entries;
  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Behind each entry comes the next one.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Fills the two maps in the order of the header. */
  SafetensorsHeaderParser(
      InputFile file, Map<String, String> metadata, Map<String, SafetensorsEntry> entries) {
    this.file = file;
    this.metadata = metadata;
    this.entries = entries;
  }

  void parse(String json) {
    try (JsonParser parser = mapper.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw file.damaged("the header is not a JSON object");
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        readMember(name, mapper.readTree(parser));
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
        throw file.damaged("the header goes on behind the end of its JSON object");
      }
    } catch (JacksonException e) {
      throw file.damaged("the header is not valid JSON: %s", e.getOriginalMessage());
    }
  }

  private void readMember(String name, JsonNode node) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      readMetadata(node);
    } else {
      entries.put(name, entry(name, node));
    }
  }

  private void readMetadata(JsonNode node) {
    if (!node.isObject()) {
      throw file.damaged("%s is no JSON object", SafetensorsHeader.METADATA);
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getValue().isString()) {
        throw file.damaged("metadata %s is no string", property.getKey());
      }
      metadata.put(property.getKey(), property.getValue().stringValue());
    }
  }

  private SafetensorsEntry entry(String name, JsonNode node) {
    if (!node.isObject() || !Set.copyOf(node.propertyNames()).equals(FIELDS)) {
      throw file.damaged("tensor %s must have exactly dtype, shape and data_offsets", name);
    }
    if (!node.get("dtype").isString()) {
      throw file.damaged("tensor %s: dtype is no string", name);
    }
    List<Long> offsets = numbers(name, "data_offsets", node.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw file.damaged(
          "tensor %s has data offsets %s; a begin and an end were expected", name, offsets);
    }
    return new SafetensorsEntry(
        name,
        node.get("dtype").stringValue(),
        numbers(name, "shape", node.get("shape")),
        offsets.get(0),
        offsets.get(1));
  }

  private List<Long> numbers(String name, String field, JsonNode array) {
    List<Long> numbers = new ArrayList<>();
    if (!array.isArray()) {
      throw file.damaged("tensor %s: %s is no array", name, field);
    }
    for (JsonNode number : array) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw file.damaged(
            "tensor %s: %s holds %s; whole numbers from 0 to 2^63 - 1 were expected",
            name, field, number);
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }
}
