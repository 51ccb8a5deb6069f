package io.ventral.backend.reference;

import io.ventral.op.BatchNormTrain;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Batch normalisation of x [N,C,…]: y = scale·x̂ + bias with x̂ = (x − mean)/deviation and
 * deviation = √(variance + epsilon), channel by channel. Operands come in the order of the
 * operations.
 */
final class BatchNormalisation {
  private BatchNormalisation() {}

  /** From w, scale, bias, mean, variance and perhaps b to f·w and f·(b − mean) + bias. */
  static void fold(double epsilon, List<Elements> in, List<Elements> out) {
    Elements w = in.getFirst();
    int perFilter = w.count() / w.extent(0);
    for (int c = 0; c < w.extent(0); c++) {
      double factor = in.get(1).get(c) / Math.sqrt(in.get(4).get(c) + epsilon);
      double own = in.size() == 6 ? in.get(5).get(c) : 0;
      out.get(1).set(c, factor * (own - in.get(3).get(c)) + in.get(2).get(c));
      for (int i = c * perFilter; i < (c + 1) * perFilter; i++) {
        out.get(0).set(i, factor * w.get(i));
      }
    }
  }

  /**
   * Normalises each group of samples by its own mean and variance; two passes, so nothing cancels.
   */
  static void train(
      BatchNormTrain op, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements scale = in.get(1);
    Elements bias = in.get(2);
    Elements y = out.get(0);
    Channels view = Channels.of(x);
    forEachChannel(
        view,
        parallel,
        c -> {
          for (int group = 0; group < op.groups(); group++) {
            ChannelRun run = run(op, group, view, c);
            int statistic = group * view.channels() + c;
            double mean = run.sum(x::get) / run.count();
            double squares = run.sum(i -> (x.get(i) - mean) * (x.get(i) - mean));
            double deviation = Math.sqrt(squares / run.count() + op.epsilon());
            run.forEach(i -> y.set(i, scale.get(c) * (x.get(i) - mean) / deviation + bias.get(c)));
            out.get(1).set(statistic, mean);
            out.get(2).set(statistic, squares / run.count());
            out.get(3).set(statistic, squares / (run.count() - 1));
          }
        });
  }

  /**
   * With m elements in a group: dx = scale/deviation · (dy − Σdy/m − x̂·Σ(dy·x̂)/m), sums over the
   * group (Ioffe and Szegedy 2015, section 3); dscale = Σ dy·x̂ and dbias = Σ dy over all groups.
   */
  static void grad(
      BatchNormTrain op, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements scale = in.get(1);
    Elements dy = in.get(4);
    Elements dx = out.get(0);
    Channels view = Channels.of(x);
    forEachChannel(
        view,
        parallel,
        c -> {
          double dscale = 0;
          double dbias = 0;
          for (int group = 0; group < op.groups(); group++) {
            ChannelRun run = run(op, group, view, c);
            int statistic = group * view.channels() + c;
            double mean = in.get(2).get(statistic);
            double deviation = Math.sqrt(in.get(3).get(statistic) + op.epsilon());
            double sum = run.sum(dy::get);
            double product = run.sum(i -> dy.get(i) * (x.get(i) - mean) / deviation);
            run.forEach(
                i -> {
                  double normalised = (x.get(i) - mean) / deviation;
                  double centred = dy.get(i) - (sum + normalised * product) / run.count();
                  dx.set(i, scale.get(c) / deviation * centred);
                });
            dscale += product;
            dbias += sum;
          }
          out.get(1).set(c, dscale);
          out.get(2).set(c, dbias);
        });
  }

  /** Normalises by the mean and variance given for each channel; y may lie over x. */
  static void infer(double epsilon, List<Elements> in, Elements y, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements scale = in.get(1);
    Elements bias = in.get(2);
    Channels view = Channels.of(x);
    forEachChannel(
        view,
        parallel,
        c -> {
          double mean = in.get(3).get(c);
          double deviation = Math.sqrt(in.get(4).get(c) + epsilon);
          view.all(c)
              .forEach(i -> y.set(i, scale.get(c) * (x.get(i) - mean) / deviation + bias.get(c)));
        });
  }

  /** dx = dy·scale/deviation, dscale = Σ dy·x̂, dbias = Σ dy. */
  static void inferGrad(
      double epsilon, List<Elements> in, List<Elements> out, ParallelLoop parallel) {
    Elements x = in.get(0);
    Elements scale = in.get(1);
    Elements dy = in.get(4);
    Channels view = Channels.of(x);
    forEachChannel(
        view,
        parallel,
        c -> {
          double mean = in.get(2).get(c);
          double deviation = Math.sqrt(in.get(3).get(c) + epsilon);
          ChannelRun run = view.all(c);
          run.forEach(i -> out.get(0).set(i, dy.get(i) * scale.get(c) / deviation));
          out.get(1).set(c, run.sum(i -> dy.get(i) * (x.get(i) - mean) / deviation));
          out.get(2).set(c, run.sum(dy::get));
        });
  }

  private static void forEachChannel(Channels view, ParallelLoop parallel, IntConsumer body) {
    parallel.forEach(view.channels(), view.all(0).count(), body);
  }

  private static ChannelRun run(BatchNormTrain op, int group, Channels view, int c) {
    return new ChannelRun(
        view, c, op.firstSample(group, view.samples()), op.firstSample(group + 1, view.samples()));
  }
}
