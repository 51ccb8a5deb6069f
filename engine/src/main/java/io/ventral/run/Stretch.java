package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches in a row on one device; run there, they allocate nothing.
 *
 * @param first the number of the first of them
 * @param crosses whether each of them reads what lies on another device; otherwise none does
 */
record Stretch(Device device, int first, Launch[] launches, boolean crosses) implements Runnable {
  /** Returns the steps, in order, in as few stretches as can be. */
  static Stretch[] of(List<Step> steps) {
    List<Stretch> found = new ArrayList<>();
    for (int begin = 0, end; begin < steps.size(); begin = end) {
      Step opening = steps.get(begin);
      end = begin;
      while (end < steps.size() && isAlike(opening, steps.get(end))) {
        end++;
      }
      Launch[] launches =
          steps.subList(begin, end).stream().map(Step::launch).toArray(Launch[]::new);
      found.add(new Stretch(opening.device(), begin, launches, opening.crosses()));
    }
    return found.toArray(Stretch[]::new);
  }

  private static boolean isAlike(Step first, Step second) {
    return first.device().equals(second.device()) && first.crosses() == second.crosses();
  }

  /**
   * Returns the stretch as one launch that is repeated step after step. What has to wait for
   * another device's work is launched each time: a device can write down its own work alone.
   */
  Launch repeated() {
    return crosses ? () -> device.run(this) : device.together(List.of(launches));
  }

  @Override
  public void run() {
    for (Launch launch : launches) {
      launch.run();
    }
  }

  /** Runs all of them, each on its device. */
  static void run(Stretch[] stretches) {
    for (Stretch stretch : stretches) {
      stretch.device.run(stretch);
    }
  }
}
