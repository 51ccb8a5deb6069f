package io.ventral.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Epochs as in {@code 30,60,80}. They are one value, no list of values: a flag that is given again
 * then replaces them, as any other flag does.
 */
record Milestones(List<Integer> epochs) {
  Milestones {
    epochs = List.copyOf(epochs);
  }

  @Override
  public String toString() {
    return epochs.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Reads them. */
  static final class Converter implements ITypeConverter<Milestones> {
    @Override
    public Milestones convert(String text) {
      if (text.isBlank()) {
        return new Milestones(List.of());
      }
      try {
        return new Milestones(Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList());
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'%s' is no list of epochs such as 30,60,80".formatted(text));
      }
    }
  }
}
