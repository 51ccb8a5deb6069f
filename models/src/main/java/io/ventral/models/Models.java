package io.ventral.models;

import io.ventral.network.NetworkDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The built-in networks. A new definition is added to this list. */
public final class Models {
  private static final List<NetworkDefinition> ALL =
      List.of(
          new LeNet5(),
          AlexNet.definition(),
          Vgg.vgg16(),
          GoogLeNet.definition(),
          ResNet.resnet18(),
          ResNet.resnet50());

  private Models() {}

  /** Returns all definitions, by the year of their papers. */
  public static List<NetworkDefinition> all() {
    return ALL;
  }

  /** Returns the definition of that name. */
  public static Optional<NetworkDefinition> find(String name) {
    return ALL.stream().filter(definition -> definition.name().equals(name)).findFirst();
  }

  /** Returns the Java source of a definition. */
  public static String source(NetworkDefinition definition) {
    Class<?> family =
        definition instanceof ImageNetModel model ? model.family() : definition.getClass();
    return resource(family.getSimpleName() + ".java").orElseThrow();
  }

  /**
   * Returns the training recipe of a model: an argument file of the command line, a flag and its
   * value a line, {@code #} before a comment.
   */
  public static Optional<String> recipe(String name) {
    return resource("recipes/" + name + ".args");
  }

  private static Optional<String> resource(String path) {
    try (InputStream in = Models.class.getResourceAsStream(path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
