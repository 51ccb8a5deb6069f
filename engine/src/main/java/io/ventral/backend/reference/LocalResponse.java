package io.ventral.backend.reference;

import io.ventral.op.LocalResponseNorm;
import java.util.List;

/** Normalisation of x [N,C,…] by the squares of neighbouring channels at the same position. */
final class LocalResponse {
  private LocalResponse() {}

  /** y[c] = x[c] · d[c]^−beta. */
  static void forward(LocalResponseNorm op, Elements x, Elements y, ParallelLoop parallel) {
    Channels view = Channels.of(x);
    parallel.forEach(
        view.samples() * view.positions(),
        (long) view.channels() * op.size(),
        i -> {
          int at = view.at(i / view.positions(), 0) + i % view.positions() * view.positionStride();
          for (int c = 0; c < view.channels(); c++) {
            int here = at + c * view.channelStride();
            y.set(here, x.get(here) * Math.pow(denominator(op, view, x, at, c), -op.beta()));
          }
        });
  }

  /**
   * dx[j] = dy[j] · d[j]^−beta − 2·alpha·beta/size · x[j] · Σ dy[c]·y[c]/d[c] over windows c around
   * j.
   */
  static void grad(LocalResponseNorm op, List<Elements> in, Elements dx, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements y = in.get(1);
    Elements dy = in.get(2);
    Channels view = Channels.of(x);
    double factor = 2 * op.alpha() * op.beta() / op.size();
    parallel.forEach(
        view.samples() * view.positions(),
        (long) view.channels() * op.size(),
        i -> {
          int at = view.at(i / view.positions(), 0) + i % view.positions() * view.positionStride();
          for (int c = 0; c < view.channels(); c++) {
            dx.set(at + c * view.channelStride(), 0);
          }
          for (int c = 0; c < view.channels(); c++) {
            int here = at + c * view.channelStride();
            double d = denominator(op, view, x, at, c);
            dx.set(here, dx.get(here) + dy.get(here) * Math.pow(d, -op.beta()));
            double share = factor * dy.get(here) * y.get(here) / d;
            for (int j = begin(op, c); j < end(op, view, c); j++) {
              int there = at + j * view.channelStride();
              dx.set(there, dx.get(there) - share * x.get(there));
            }
          }
        });
  }

  /** d[c] = k + alpha/size · Σ x[j]² over the window around c. */
  private static double denominator(
      LocalResponseNorm op, Channels view, Elements x, int at, int c) {
    double sum = 0;
    for (int j = begin(op, c); j < end(op, view, c); j++) {
      double value = x.get(at + j * view.channelStride());
      sum += value * value;
    }
    return op.k() + op.alpha() / op.size() * sum;
  }

  private static int begin(LocalResponseNorm op, int c) {
    return Math.max(0, op.first(c));
  }

  private static int end(LocalResponseNorm op, Channels view, int c) {
    return Math.min(view.channels(), op.first(c) + op.size());
  }
}
