package io.ventral.backend.reference;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.tensor.DType;
import java.util.List;

/**
 * A loop bound to an operation.
 *
 * @param savedBytes bytes of the opaque output, if there is one
 * @param inPlace which outputs may lie over which inputs
 */
record ReferenceKernel(Loop loop, long savedBytes, InPlace inPlace, ParallelLoop parallel)
    implements Kernel {

  /**
   * Whether an output may lie over an input: where element i of one needs only element i of the
   * other.
   */
  @FunctionalInterface
  interface InPlace {
    boolean allows(int input, int output);
  }

  @Override
  public long workspaceBytes() {
    return 0;
  }

  @Override
  public boolean mayOverwrite(int input, int output) {
    return inPlace.allows(input, output);
  }

  @Override
  public String implementation() {
    return "reference loop";
  }

  @Override
  public Launch place(Operands operands) {
    List<Elements> inputs = operands.inputs().stream().map(ReferenceKernel::elements).toList();
    List<Elements> outputs = operands.outputs().stream().map(ReferenceKernel::elements).toList();
    List<DType> dtypes = operands.outputs().stream().map(region -> region.type().dtype()).toList();
    return () -> {
      loop.run(inputs, outputs, parallel);
      for (int i = 0; i < dtypes.size(); i++) {
        round(outputs.get(i), dtypes.get(i));
      }
    };
  }

  static Elements elements(Region region) {
    return new Elements(
        ((DoubleMemory) region.memory()).data(),
        Math.toIntExact(region.offset() / Double.BYTES),
        Math.toIntExact(region.bytes() / Double.BYTES),
        region.type().shape());
  }

  /** Rounds once to the declared type; double needs none. */
  private static void round(Elements elements, DType dtype) {
    if (dtype != DType.FLOAT64 && dtype != DType.OPAQUE) {
      for (int i = 0; i < elements.count(); i++) {
        elements.set(i, dtype.round(elements.get(i)));
      }
    }
  }
}
