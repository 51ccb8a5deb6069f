package io.ventral.network;

import io.ventral.error.EngineException;

/** What a network is built for: the size of one image, in elements, and the number of classes. */
public record NetworkRequest(int channels, int height, int width, int classes) {
  public NetworkRequest {
    if (channels < 1 || height < 1 || width < 1 || classes < 1) {
      throw EngineException.user(
          "a network needs at least one channel, row, column and class, not %dx%dx%d with %d classes"
              .formatted(channels, height, width, classes));
    }
  }
}
