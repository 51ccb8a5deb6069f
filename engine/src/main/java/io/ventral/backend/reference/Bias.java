package io.ventral.backend.reference;

/** One number a channel, added to x [N,C,…]. */
final class Bias {
  private Bias() {}

  /** y[n,c,p] = x[n,c,p] + bias[c]. */
  static void add(Elements x, Elements bias, Elements y, ParallelLoop parallel) {
    Channels view = Channels.of(x);
    parallel.forEach(
        view.channels(),
        view.all(0).count(),
        c -> view.all(c).forEach(i -> y.set(i, x.get(i) + bias.get(c))));
  }

  /** db[c] = Σ dy[n,c,p]. */
  static void grad(Elements dy, Elements db, ParallelLoop parallel) {
    Channels view = Channels.of(dy);
    parallel.forEach(
        view.channels(), view.all(0).count(), c -> db.set(c, view.all(c).sum(i -> dy.get(i))));
  }
}
