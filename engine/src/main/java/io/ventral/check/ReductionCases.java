package io.ventral.check;

import io.ventral.op.Op;
import io.ventral.op.ReduceMean;
import io.ventral.op.ReduceSum;
import java.util.ArrayList;
import java.util.List;

/** Sums and means over axes. */
final class ReductionCases {
  private ReductionCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    add(cases, List.of(0), 5);
    add(cases, List.of(0), 4, 3);
    add(cases, List.of(1), 4, 3);
    add(cases, List.of(0, 1), 4, 3);
    add(cases, List.of(2, 3), 2, 3, 4, 5);
    add(cases, List.of(0, 2, 3), 2, 3, 4, 5);
    add(cases, List.of(1), 2, 3, 4, 5);
    add(cases, List.of(0, 1, 2, 3), 2, 3, 4, 5);
    add(cases, List.of(), 2, 3, 2, 2);
    add(cases, List.of(1, 2), 1, 1, 1);
    add(cases, List.of(2), 2, 3, 2, 2, 4);
    return cases;
  }

  private static void add(List<OpCase> cases, List<Integer> axes, int... x) {
    for (Op op : List.of(new ReduceSum(axes), new ReduceMean(axes))) {
      Operand operand = Operand.smooth(x);
      cases.add(OpCase.of(op.label() + " of " + operand.type().shape(), op, operand));
    }
  }
}
