package io.ventral.backend.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The algorithms found so far. */
final class AlgorithmStore {
  private final Map<String, Algorithm> found = new HashMap<>();

  Optional<Algorithm> get(String key) {
    return Optional.ofNullable(found.get(key));
  }

  void put(String key, Algorithm algorithm) {
    found.put(key, algorithm);
  }
}
