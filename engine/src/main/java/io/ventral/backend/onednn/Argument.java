package io.ventral.backend.onednn;

import io.ventral.backend.Operands;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * One argument of a primitive.
 *
 * @param index oneDNN's number of the argument's role
 * @param descriptor layout of its memory
 */
record Argument(int index, MemorySegment descriptor, Place place) {
  static final int SRC = 1;
  static final int SRC_1 = 2;
  static final int DST = 17;
  static final int WEIGHTS = 33;
  static final int BIAS = 41;
  static final int MEAN = 49;
  static final int VARIANCE = 50;
  static final int SCALE = 51;
  static final int SHIFT = 52;
  static final int WORKSPACE = 64;
  static final int SCRATCHPAD = 80;
  static final int DIFF_SRC = 129;
  static final int DIFF_DST = 145;
  static final int DIFF_WEIGHTS = 161;
  static final int DIFF_SCALE = 255;
  static final int DIFF_SHIFT = 256;
  static final int MULTIPLE_SRC = 1024;

  /** Where an argument lies among the operands of a node. */
  sealed interface Place {
    /** Returns the memory. */
    MemorySegment in(Operands operands);
  }

  /** Operand {@code number} of the node, from byte {@code offset} on. */
  record Input(int number, long offset) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.inputs().get(number)).asSlice(offset);
    }
  }

  /** Result {@code number} of the node. */
  record Output(int number) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.outputs().get(number));
    }
  }

  /** Scratch of the node, from byte {@code offset} on. */
  record Scratch(long offset) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.workspace()).asSlice(offset);
    }
  }

  static Argument input(int index, MemorySegment descriptor, int number) {
    return new Argument(index, descriptor, new Input(number, 0));
  }

  static Argument output(int index, MemorySegment descriptor, int number) {
    return new Argument(index, descriptor, new Output(number));
  }

  /** Returns {@code others} and {@code last} as one array. */
  static Argument[] with(List<Argument> others, Argument last) {
    return Stream.concat(others.stream(), Stream.of(last)).toArray(Argument[]::new);
  }
}
