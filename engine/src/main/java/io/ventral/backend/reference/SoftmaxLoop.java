package io.ventral.backend.reference;

/** Softmax over axis 1 of x [N,K,…], one position at a time. */
final class SoftmaxLoop {
  private SoftmaxLoop() {}

  /** y[k] = e^(x[k] − max) / Σ e^(x[j] − max). */
  static void forward(Elements x, Elements y, ParallelLoop parallel) {
    forEachPosition(
        Channels.of(x),
        parallel,
        (at, step, end) -> {
          double max = Double.NEGATIVE_INFINITY;
          for (int i = at; i < end; i += step) {
            max = Math.max(max, x.get(i));
          }
          double sum = 0;
          for (int i = at; i < end; i += step) {
            sum += Math.exp(x.get(i) - max);
          }
          for (int i = at; i < end; i += step) {
            y.set(i, Math.exp(x.get(i) - max) / sum);
          }
        });
  }

  /** dx[k] = y[k] · (dy[k] − Σ dy[j]·y[j]). */
  static void grad(Elements y, Elements dy, Elements dx, ParallelLoop parallel) {
    forEachPosition(
        Channels.of(y),
        parallel,
        (at, step, end) -> {
          double sum = 0;
          for (int i = at; i < end; i += step) {
            sum += dy.get(i) * y.get(i);
          }
          for (int i = at; i < end; i += step) {
            dx.set(i, y.get(i) * (dy.get(i) - sum));
          }
        });
  }

  /** The channels of one position: {@code at}, {@code at + step}, … below {@code end}. */
  @FunctionalInterface
  private interface Position {
    void run(int at, int step, int end);
  }

  private static void forEachPosition(Channels view, ParallelLoop parallel, Position body) {
    int step = view.channelStride();
    parallel.forEach(
        view.samples() * view.positions(),
        view.channels(),
        i -> {
          int at = view.at(i / view.positions(), 0) + i % view.positions() * view.positionStride();
          body.run(at, step, at + view.channels() * step);
        });
  }
}
