package io.ventral.check;

import io.ventral.op.BiasAdd;
import io.ventral.op.BiasGrad;
import io.ventral.op.MatMul;
import java.util.ArrayList;
import java.util.List;

/** Matrix products and biases. */
final class MatrixCases {
  private MatrixCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (boolean transposeA : new boolean[] {false, true}) {
      for (boolean transposeB : new boolean[] {false, true}) {
        cases.add(product(transposeA, transposeB, 5, 7, 3));
        cases.add(product(transposeA, transposeB, 1, 13, 17));
        cases.add(product(transposeA, transposeB, 8, 1, 1));
        cases.add(product(transposeA, transposeB, 1, 33, 20));
      }
    }
    for (int[] x : new int[][] {{4, 3}, {1, 1}, {2, 3, 5}, {2, 5, 3, 4}, {3, 1, 2, 2}}) {
      String shape = Operand.smooth(x).type().shape().toString();
      cases.add(
          OpCase.of("BiasAdd " + shape, new BiasAdd(), Operand.smooth(x), Operand.smooth(x[1])));
      cases.add(OpCase.of("BiasGrad " + shape, new BiasGrad(), Operand.fixed(x)));
    }
    return cases;
  }

  private static OpCase product(
      boolean transposeA, boolean transposeB, int rows, int depth, int columns) {
    MatMul op = new MatMul(transposeA, transposeB);
    return OpCase.of(
        "%s %dx%dx%d".formatted(op.label(), rows, depth, columns),
        op,
        transposeA ? Operand.smooth(depth, rows) : Operand.smooth(rows, depth),
        transposeB ? Operand.smooth(columns, depth) : Operand.smooth(depth, columns));
  }
}
