package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches in a row on one device; run there, they allocate nothing.
 *
 * @param first the number of the first of them
 */
record Stretch(Device device, int first, Launch[] launches) implements Runnable {
  /** Returns the steps, in order, in as few stretches as can be. */
  static Stretch[] of(List<Step> steps) {
    List<Stretch> found = new ArrayList<>();
    for (int begin = 0, end; begin < steps.size(); begin = end) {
      Device device = steps.get(begin).device();
      end = begin;
      while (end < steps.size() && steps.get(end).device().equals(device)) {
        end++;
      }
      Launch[] launches =
          steps.subList(begin, end).stream().map(Step::launch).toArray(Launch[]::new);
      found.add(new Stretch(device, begin, launches));
    }
    return found.toArray(Stretch[]::new);
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
