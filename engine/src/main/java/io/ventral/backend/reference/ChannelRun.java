package io.ventral.backend.reference;

import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/** The elements of channel {@code c} in samples {@code first} up to {@code end}, not included. */
record ChannelRun(Channels view, int c, int first, int end) {
  int count() {
    return (end - first) * view.positions();
  }

  /** Calls {@code body} with the memory index of each element. */
  void forEach(IntConsumer body) {
    for (int n = first; n < end; n++) {
      int at = view.at(n, c);
      for (int p = 0; p < view.positions(); p++) {
        body.accept(at + p * view.positionStride());
      }
    }
  }

  /** Returns the sum of {@code term} over the memory indices of the elements. */
  double sum(IntToDoubleFunction term) {
    double sum = 0;
    for (int n = first; n < end; n++) {
      int at = view.at(n, c);
      for (int p = 0; p < view.positions(); p++) {
        sum += term.applyAsDouble(at + p * view.positionStride());
      }
    }
    return sum;
  }
}
