package io.ventral.backend.reference;

import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.util.Arrays;
import java.util.List;

/**
 * Maximum over windows of x [N,C,H,W]. What is saved for the gradient is, for each element of y in
 * memory order, the memory index of the element of x that won, or −1 where a dilated window has no
 * tap in x.
 */
final class MaxPooling {
  private MaxPooling() {}

  /** y[n,c,p,q] = max x[n,c,h,v] over the taps of window (p, q) in x; outputs are y and winners. */
  static void forward(Window2d window, Elements x, List<Elements> out, ParallelLoop parallel) {
    Elements y = out.get(0);
    Elements winners = out.get(1);
    int rows = y.extent(2);
    long work = (long) y.extent(3) * y.extent(1) * window.taps();
    parallel.forEach(
        y.extent(0) * rows,
        work,
        row -> {
          for (int q = 0; q < y.extent(3); q++) {
            for (int c = 0; c < y.extent(1); c++) {
              int winner = winner(window, x, row / rows, c, row % rows, q);
              int i = y.at(row / rows, c, row % rows, q) - y.offset();
              y.set(i, winner < 0 ? Double.NEGATIVE_INFINITY : x.get(winner));
              winners.set(i, winner);
            }
          }
        });
  }

  private static int winner(Window2d window, Elements x, int n, int c, int p, int q) {
    WindowAxis vertical = window.vertical();
    WindowAxis horizontal = window.horizontal();
    int step = horizontal.dilation() * x.extent(1);
    int firstTap = horizontal.firstTap(q);
    int endTap = horizontal.endTap(q, x.extent(3));
    int winner = -1;
    double best = Double.NaN;
    for (int r = vertical.firstTap(p); r < vertical.endTap(p, x.extent(2)); r++) {
      int at = x.at(n, c, vertical.position(p, r), horizontal.position(q, firstTap)) - x.offset();
      for (int s = firstTap; s < endTap; s++, at += step) {
        double value = x.get(at);
        if (winner < 0 || value > best || (Double.isNaN(value) && !Double.isNaN(best))) {
          winner = at;
          best = value;
        }
      }
    }
    return winner;
  }

  /** dx = each dy added to the element that won; windows may share a winner. */
  static void grad(Elements winners, Elements dy, Elements dx, ParallelLoop parallel) {
    int dxPerSample = dx.count() / dx.extent(0);
    int dyPerSample = dy.count() / dy.extent(0);
    parallel.forEach(
        dx.extent(0),
        dxPerSample + dyPerSample,
        n -> {
          int begin = dx.offset() + n * dxPerSample;
          Arrays.fill(dx.data(), begin, begin + dxPerSample, 0);
          for (int i = n * dyPerSample; i < (n + 1) * dyPerSample; i++) {
            int winner = (int) winners.get(i);
            if (winner >= 0) {
              dx.data()[dx.offset() + winner] += dy.get(i);
            }
          }
        });
  }
}
