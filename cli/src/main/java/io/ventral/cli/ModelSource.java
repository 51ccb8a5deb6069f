package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import io.ventral.models.Models;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkJson;
import io.ventral.network.NetworkRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code --model} names: a definition that is built to measure, or a network as it stands. */
sealed interface ModelSource {
  /** Returns the name, for folders and messages. */
  String name();

  /** Returns what the network is built for unless told otherwise. */
  NetworkRequest defaults();

  /** Returns whether the size of the input follows the data. */
  boolean sizeFollowsData();

  /**
   * Returns the network for {@code request}.
   *
   * @throws EngineException USER if it cannot be had for it
   */
  Network network(NetworkRequest request);

  /** A definition: built in, or a Java file. */
  record Defined(NetworkDefinition definition) implements ModelSource {
    @Override
    public String name() {
      return definition.name();
    }

    @Override
    public NetworkRequest defaults() {
      return definition.defaults();
    }

    @Override
    public boolean sizeFollowsData() {
      return definition.sizeFollowsData();
    }

    @Override
    public Network network(NetworkRequest request) {
      return definition.define(request);
    }
  }

  /** A network read from a file: its size is fixed. */
  record Fixed(Network network) implements ModelSource {
    @Override
    public String name() {
      return network.name();
    }

    @Override
    public NetworkRequest defaults() {
      return network.request();
    }

    @Override
    public boolean sizeFollowsData() {
      return false;
    }

    @Override
    public Network network(NetworkRequest request) {
      if (!request.equals(network.request())) {
        throw EngineException.user(
            "network %s is made for %s and cannot be had for %s"
                .formatted(network.name(), text(network.request()), text(request)));
      }
      return network;
    }

    private static String text(NetworkRequest request) {
      return "%dx%dx%d and %d classes"
          .formatted(request.channels(), request.height(), request.width(), request.classes());
    }
  }

  /**
   * Returns what {@code model} names: a built-in network, a definition {@code .java}, a network
   * {@code .json}.
   *
   * @throws EngineException USER if there is no such network, with the nearest name
   */
  static ModelSource of(String model) {
    if (model.endsWith(".java")) {
      return new Defined(new DefinitionCompiler().compile(Path.of(model)));
    }
    if (model.endsWith(".json")) {
      return new Fixed(new NetworkJson().read(text(Path.of(model)), model));
    }
    return Models.find(model)
        .map(definition -> (ModelSource) new Defined(definition))
        .orElseThrow(() -> unknown(model));
  }

  private static EngineException unknown(String model) {
    Optional<String> nearest =
        Suggestion.nearest(model, Models.all().stream().map(NetworkDefinition::name).toList());
    return EngineException.user(
        "no model is called '"
            + model
            + "'"
            + nearest.map(name -> "; did you mean " + name + "?").orElse("")
            + " (ventral models lists them; a .java or .json file is one too)");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new EngineException(ErrorKind.USER, file + ": cannot be read: " + e, e);
    }
  }
}
