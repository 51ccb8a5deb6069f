package io.ventral.backend.cuda;

import io.ventral.backend.Operands;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A parameter of a kernel; pointers get their value when the operands get their place. */
sealed interface Argument {
  /** Writes the value to eight bytes at {@code slot}. */
  void write(MemorySegment slot, Operands operands);

  /** A parameter that is an address in the GPU's memory. */
  sealed interface Address extends Argument {
    long value(Operands operands);

    @Override
    default void write(MemorySegment slot, Operands operands) {
      slot.set(ValueLayout.JAVA_LONG, 0, value(operands));
    }
  }

  /**
   * An input of the node.
   *
   * @param offset bytes from its beginning
   */
  record Input(int index, long offset) implements Address {
    @Override
    public long value(Operands operands) {
      return CudaMemory.address(operands.inputs().get(index)) + offset;
    }
  }

  /** An output of the node. */
  record Output(int index, long offset) implements Address {
    @Override
    public long value(Operands operands) {
      return CudaMemory.address(operands.outputs().get(index)) + offset;
    }
  }

  /** A part of the scratch of the node. */
  record Scratch(long offset) implements Address {
    @Override
    public long value(Operands operands) {
      return CudaMemory.address(operands.workspace()) + offset;
    }
  }

  /** No address. */
  record None() implements Address {
    @Override
    public long value(Operands operands) {
      return 0;
    }
  }

  /** A 64-bit integer. */
  record Long64(long value) implements Argument {
    @Override
    public void write(MemorySegment slot, Operands operands) {
      slot.set(ValueLayout.JAVA_LONG, 0, value);
    }
  }

  /** A 32-bit integer. */
  record Int32(int value) implements Argument {
    @Override
    public void write(MemorySegment slot, Operands operands) {
      slot.set(ValueLayout.JAVA_INT, 0, value);
    }
  }

  /** A 32-bit number. */
  record Float32(float value) implements Argument {
    @Override
    public void write(MemorySegment slot, Operands operands) {
      slot.set(ValueLayout.JAVA_FLOAT, 0, value);
    }
  }

  /** A 64-bit number. */
  record Float64(double value) implements Argument {
    @Override
    public void write(MemorySegment slot, Operands operands) {
      slot.set(ValueLayout.JAVA_DOUBLE, 0, value);
    }
  }

  static Address in(int index) {
    return new Input(index, 0);
  }

  static Address in(int index, long offset) {
    return new Input(index, offset);
  }

  static Address out(int index) {
    return new Output(index, 0);
  }

  static Address out(int index, long offset) {
    return new Output(index, offset);
  }

  static Argument i64(long value) {
    return new Long64(value);
  }

  static Argument i32(int value) {
    return new Int32(value);
  }

  static Argument flag(boolean value) {
    return new Int32(value ? 1 : 0);
  }

  /** Returns {@code value}, rounded once. */
  static Argument f32(double value) {
    return new Float32((float) value);
  }

  static Argument f64(double value) {
    return new Float64(value);
  }
}
