package io.ventral.check;

import io.ventral.op.BroadcastLike;
import io.ventral.op.Concat;
import io.ventral.op.Op;
import io.ventral.op.Pad;
import io.ventral.op.Reshape;
import io.ventral.op.Slice;
import io.ventral.op.Transpose;
import java.util.List;

/** Elements moved: axes are logical, whatever the memory order. */
final class MovementCases {
  private MovementCases() {}

  static List<OpCase> all() {
    return List.of(
        of(new Concat(1), new int[] {2, 3, 4, 5}, new int[] {2, 1, 4, 5}, new int[] {2, 4, 4, 5}),
        of(new Concat(0), new int[] {2, 3, 2, 2}, new int[] {1, 3, 2, 2}),
        of(new Concat(2), new int[] {2, 3, 1, 2}, new int[] {2, 3, 4, 2}),
        of(new Concat(3), new int[] {1, 2, 3, 2}, new int[] {1, 2, 3, 1}),
        of(new Concat(1), new int[] {3, 2}, new int[] {3, 5}),
        of(new Concat(0), new int[] {7}),
        of(new Slice(1, 1, 3), new int[] {2, 5, 3, 4}),
        of(new Slice(0, 1, 2), new int[] {3, 2, 2, 2}),
        of(new Slice(2, 0, 3), new int[] {2, 3, 5, 4}),
        of(new Slice(3, 4, 5), new int[] {2, 3, 2, 5}),
        of(new Slice(1, 0, 4), new int[] {3, 4}),
        of(new Slice(0, 2, 5), new int[] {9}),
        of(new Pad(List.of(0, 1, 2, 0), List.of(0, 2, 0, 3)), new int[] {2, 3, 4, 2}),
        of(new Pad(List.of(1, 0), List.of(0, 2)), new int[] {3, 4}),
        of(new Pad(List.of(0, 0, 0, 0), List.of(0, 0, 0, 0)), new int[] {1, 2, 2, 3}),
        of(Reshape.flatten(), new int[] {3, 4, 2, 5}),
        of(Reshape.flatten(), new int[] {3, 4}),
        of(new Reshape(List.of(0, 2, 3, -1)), new int[] {2, 12}),
        of(new Reshape(List.of(0, 6, 1, 4)), new int[] {2, 3, 2, 4}),
        of(new Reshape(List.of(-1)), new int[] {2, 3, 2, 2}),
        of(new Reshape(List.of()), new int[] {1, 1, 1, 1}),
        of(new Reshape(List.of(2, 2, 3, 1, 2)), new int[] {2, 3, 2, 2}),
        of(new Transpose(List.of(1, 0)), new int[] {4, 3}),
        of(new Transpose(List.of(0, 2, 3, 1)), new int[] {2, 3, 4, 5}),
        of(new Transpose(List.of(3, 1, 0, 2)), new int[] {2, 3, 4, 5}),
        of(new Transpose(List.of(2, 0, 1)), new int[] {2, 3, 4}),
        of(new Transpose(List.of()), new int[] {}),
        broadcast(List.of(0), new int[] {3}, new int[] {4, 3}),
        broadcast(List.of(2, 3), new int[] {2, 3}, new int[] {2, 3, 4, 5}),
        broadcast(List.of(0, 2, 3), new int[] {3}, new int[] {2, 3, 2, 2}),
        broadcast(List.of(1), new int[] {2, 3, 4}, new int[] {2, 5, 3, 4}),
        broadcast(List.of(0, 1), new int[] {}, new int[] {2, 3}),
        broadcast(List.of(), new int[] {2, 3, 2, 2}, new int[] {2, 3, 2, 2}));
  }

  private static OpCase of(Op op, int[]... inputs) {
    List<Operand> operands = List.of(inputs).stream().map(Operand::smooth).toList();
    return new OpCase(op.label() + " of " + operands.getFirst().type().shape(), op, operands);
  }

  private static OpCase broadcast(List<Integer> axes, int[] x, int[] like) {
    Op op = new BroadcastLike(axes);
    Operand shape = Operand.fixed(like);
    return OpCase.of(op.label() + " to " + shape.type().shape(), op, Operand.smooth(x), shape);
  }
}
