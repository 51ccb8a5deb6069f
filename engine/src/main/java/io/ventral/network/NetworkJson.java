package io.ventral.network;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON form of a network. */
public final class NetworkJson {
  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Returns the JSON text of {@code network}; {@link #read} gives the network back. */
  public String write(Network network) {
    return mapper.writeValueAsString(network);
  }

  /**
   * Returns the network that {@code json} describes.
   *
   * @param file named in errors
   * @throws EngineException DATA if it is not JSON or not a network
   */
  public Network read(String json, String file) {
    try {
      Network network = mapper.readValue(json, Network.class);
      if (network == null) {
        throw EngineException.data(file + ": holds no network");
      }
      return network;
    } catch (JacksonException e) {
      String reason =
          e.getCause() instanceof EngineException cause
              ? cause.getMessage()
              : e.getOriginalMessage().lines().findFirst().orElse("");
      throw new EngineException(ErrorKind.DATA, file + ": not a network description: " + reason, e);
    }
  }
}
