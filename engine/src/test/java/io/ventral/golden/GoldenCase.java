package io.ventral.golden;

import io.ventral.io.SafetensorsFile;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import io.ventral.testing.TestData;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A case of {@code golden/ops.json}: an operation, its attributes and its tensors. */
record GoldenCase(String name, String op, JsonNode attributes, JsonNode tensors) {
  /** Returns all cases, in the order of the file. */
  static List<GoldenCase> all() {
    JsonNode cases =
        JsonMapper.builder().build().readTree(TestData.path("golden/ops.json").toFile());
    return IntStream.range(0, cases.size())
        .mapToObj(cases::get)
        .map(
            json ->
                new GoldenCase(
                    json.get("name").asString(),
                    json.get("op").asString(),
                    json.get("attributes"),
                    json.get("tensors")))
        .toList();
  }

  boolean has(String tensor) {
    return tensors.has(tensor);
  }

  /** Returns the names of the tensors, in the order of the file. */
  Set<String> names() {
    return new LinkedHashSet<>(tensors.propertyNames());
  }

  TensorType type(String tensor) {
    JsonNode shape = tensors.get(tensor);
    return TensorType.of(
        DType.FLOAT64, IntStream.range(0, shape.size()).map(i -> shape.get(i).asInt()).toArray());
  }

  /** Returns a tensor's elements in row-major order. */
  double[] values(String tensor) {
    try (SafetensorsFile file = SafetensorsFile.open(TestData.path("golden/ops.safetensors"));
        HostTensor read = file.read(name + "/" + tensor, type(tensor))) {
      return read.toRowMajor();
    }
  }

  int integer(String attribute) {
    return attributes.get(attribute).asInt();
  }

  double number(String attribute) {
    return attributes.get(attribute).asDouble();
  }

  double number(String attribute, double otherwise) {
    return attributes.has(attribute) ? number(attribute) : otherwise;
  }

  boolean flag(String attribute) {
    return attributes.has(attribute) && attributes.get(attribute).asBoolean();
  }

  /** Returns one of a pair of integers: 0 vertical, 1 horizontal. */
  int pair(String attribute, int axis) {
    return attributes.has(attribute) ? attributes.get(attribute).get(axis).asInt() : 1;
  }

  Window2d window() {
    return new Window2d(axis(0), axis(1));
  }

  private WindowAxis axis(int axis) {
    int pad = pair("pad", axis);
    return new WindowAxis(
        pair("kernel", axis), pair("stride", axis), pad, pad, pair("dilation", axis));
  }

  Rounding rounding() {
    return flag("ceil") ? Rounding.CEIL : Rounding.FLOOR;
  }

  /** Returns a list attribute, nested lists joined. */
  double[] flat(String attribute) {
    return attributes
        .get(attribute)
        .valueStream()
        .flatMap(GoldenCase::leaves)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Stream<JsonNode> leaves(JsonNode node) {
    return node.isArray() ? node.valueStream().flatMap(GoldenCase::leaves) : Stream.of(node);
  }

  @Override
  public String toString() {
    return name;
  }
}
