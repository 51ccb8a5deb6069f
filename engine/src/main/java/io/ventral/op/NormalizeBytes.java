package io.ventral.op;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Images of bytes [N,C,H,W] as the network sees them: (x/255 − mean[c])/std[c], computed in double
 * and rounded once, so that every device gives the same bits.
 *
 * @param dtype floating format of the result
 * @param mean per channel, on the scale 0–1
 * @param std per channel, on the scale 0–1
 */
public record NormalizeBytes(DType dtype, List<Double> mean, List<Double> std) implements Op {
  /** The number of values of a byte. */
  public static final int VALUES = 256;

  public NormalizeBytes {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != std.size() || !dtype.isFloating()) {
      throw EngineException.user(
          "%d means and %d deviations, to %s: one of each a channel and a floating format fit"
              .formatted(mean.size(), std.size(), dtype.shortName()));
    }
  }

  /** Returns what byte b of channel c becomes, at c·256 + b. */
  public double[] table() {
    double[] table = new double[mean.size() * VALUES];
    for (int i = 0; i < table.length; i++) {
      int channel = i / VALUES;
      double value = (i % VALUES / 255.0 - mean.get(channel)) / std.get(channel);
      table[i] = dtype.round(value);
    }
    return table;
  }

  @Override
  public List<TensorType> outputTypes(List<TensorType> inputs) {
    Signature.count(inputs, 1);
    Signature.rank("images", inputs.getFirst(), 4);
    Signature.dtype("images", inputs.getFirst(), DType.UINT8);
    Signature.extent("images", inputs.getFirst(), 1, mean.size());
    return List.of(inputs.getFirst().with(dtype));
  }

  @Override
  public List<Optional<Value>> gradient(Backward b) {
    return List.of(Optional.empty());
  }

  @Override
  public String label() {
    return "NormalizeBytes to " + dtype.shortName();
  }
}
