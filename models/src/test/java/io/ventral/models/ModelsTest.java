package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkJson;
import io.ventral.network.NetworkRequest;
import io.ventral.network.ParameterSpec;
import io.ventral.tensor.DType;
import io.ventral.train.EvaluationProgram;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {
  static Stream<String> names() {
    return Models.all().stream().map(NetworkDefinition::name);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5, 61706",
    "alexnet, 61100840",
    "vgg16, 138357544",
    "googlenet, 13004888",
    "resnet18, 11689512",
    "resnet50, 25557032"
  })
  void hasAsManyParametersAsPublished(String name, long parameters) {
    assertEquals(
        parameters,
        parameters(name).stream()
            .filter(parameter -> parameter.role().isTrained())
            .mapToLong(parameter -> parameter.shape().elements())
            .sum());
  }

  @ParameterizedTest
  @MethodSource("names")
  void followsTheNumberOfClasses(String name) {
    NetworkDefinition model = Models.find(name).orElseThrow();
    NetworkRequest size = model.defaults();
    NetworkRequest seven = new NetworkRequest(size.channels(), size.height(), size.width(), 7);
    List<ParameterSpec> parameters =
        EvaluationProgram.build(model.define(seven), 1, DType.FLOAT32).parameters();
    assertEquals(7, parameters.getLast().shape().extent(0));
  }

  @ParameterizedTest
  @MethodSource("names")
  void showsItsSourceAndHasARecipe(String name) {
    NetworkDefinition model = Models.find(name).orElseThrow();
    assertTrue(Models.source(model).contains("\"" + name + "\""));
    assertFalse(Models.recipe(name).orElseThrow().isBlank());
  }

  @ParameterizedTest
  @MethodSource("names")
  void comesBackFromItsJson(String name) {
    Network network = network(name);
    NetworkJson json = new NetworkJson();
    assertEquals(network, json.read(json.write(network), name));
  }

  private static List<ParameterSpec> parameters(String name) {
    return EvaluationProgram.build(network(name), 1, DType.FLOAT32).parameters();
  }

  private static Network network(String name) {
    NetworkDefinition model = Models.find(name).orElseThrow();
    return model.define(model.defaults());
  }
}
