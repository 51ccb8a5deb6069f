package io.ventral.backend.onednn.primitive;

import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * One argument of a primitive. The constants are the roles, {@code DNNL_ARG_…} in oneDNN's headers.
 *
 * @param index oneDNN's number of the argument's role
 * @param descriptor layout of its memory
 */
public record Argument(int index, MemorySegment descriptor, Place place) {
  public static final int SRC = 1;
  public static final int SRC_1 = 2;
  public static final int DST = 17;
  public static final int WEIGHTS = 33;
  public static final int BIAS = 41;
  public static final int MEAN = 49;
  public static final int VARIANCE = 50;
  public static final int SCALE = 51;
  public static final int SHIFT = 52;
  public static final int WORKSPACE = 64;
  static final int SCRATCHPAD = 80;
  public static final int DIFF_SRC = 129;
  public static final int DIFF_DST = 145;
  public static final int DIFF_WEIGHTS = 161;
  public static final int DIFF_SCALE = 255;
  public static final int DIFF_SHIFT = 256;
  public static final int MULTIPLE_SRC = 1024;

  /** Where an argument lies among the operands of a node. */
  public sealed interface Place {
    /** Returns the memory. */
    MemorySegment in(Operands operands);
  }

  /** Operand {@code number} of the node, from byte {@code offset} on. */
  public record Input(int number, long offset) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.inputs().get(number)).asSlice(offset);
    }
  }

  /** Result {@code number} of the node. */
  public record Output(int number) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.outputs().get(number));
    }
  }

  /** Scratch of the node, from byte {@code offset} on. */
  public record Scratch(long offset) implements Place {
    @Override
    public MemorySegment in(Operands operands) {
      return NativeMemory.of(operands.workspace()).asSlice(offset);
    }

    /** Returns the place {@code bytes} further on. */
    public Scratch plus(long bytes) {
      return new Scratch(offset + bytes);
    }
  }

  /** Returns an argument that is operand {@code number} of the node. */
  public static Argument input(int index, MemorySegment descriptor, int number) {
    return new Argument(index, descriptor, new Input(number, 0));
  }

  /** Returns an argument that is result {@code number} of the node. */
  public static Argument output(int index, MemorySegment descriptor, int number) {
    return new Argument(index, descriptor, new Output(number));
  }

  /** Returns {@code others} and {@code last} as one array. */
  public static Argument[] with(List<Argument> others, Argument last) {
    return Stream.concat(others.stream(), Stream.of(last)).toArray(Argument[]::new);
  }
}
