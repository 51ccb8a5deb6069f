package io.ventral.run;

import io.ventral.backend.Launch;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches in a row on one device.
 *
 * @param first the number of the first of them
 */
record Stretch(int device, int first, List<Launch> launches) {
  /** Returns the steps, in order, in as few stretches as can be. */
  static List<Stretch> of(List<Step> steps) {
    List<Stretch> found = new ArrayList<>();
    for (int begin = 0, end; begin < steps.size(); begin = end) {
      int device = steps.get(begin).device();
      end = begin;
      while (end < steps.size() && steps.get(end).device() == device) {
        end++;
      }
      List<Launch> launches = steps.subList(begin, end).stream().map(Step::launch).toList();
      found.add(new Stretch(device, begin, launches));
    }
    return found;
  }
}
