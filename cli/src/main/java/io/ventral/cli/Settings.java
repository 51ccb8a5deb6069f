package io.ventral.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides what each flag is: what was given now, else what the checkpoint says, else the model's
 * recipe, else the default; and remembers where it came from.
 */
final class Settings<F> {
  /** Where values come from, the first that has one wins. */
  record Layer<F>(String origin, F flags) {}

  /** A decided flag. */
  record Setting(String flag, String value, String origin) {}

  private final List<Layer<F>> layers;
  private final List<Setting> decided = new ArrayList<>();

  Settings(List<Layer<F>> layers) {
    this.layers = List.copyOf(layers);
  }

  /** Returns the value of {@code flag}, or {@code fallback} where no layer has it. */
  <T> T get(String flag, Function<F, T> field, T fallback) {
    return find(flag, field)
        .orElseGet(
            () -> {
              decided.add(new Setting(flag, fallback.toString(), "default"));
              return fallback;
            });
  }

  /** Returns the value of {@code flag} if some layer has one. */
  <T> Optional<T> find(String flag, Function<F, T> field) {
    for (Layer<F> layer : layers) {
      T value = field.apply(layer.flags());
      if (value != null) {
        decided.add(new Setting(flag, value.toString(), layer.origin()));
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Returns what was decided so far, in the order of asking. */
  List<Setting> decided() {
    return List.copyOf(decided);
  }

  /** Returns the decided flags as words of a command line: flag, value, flag, value. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    for (Setting setting : decided) {
      words.addAll(List.of(setting.flag(), setting.value()));
    }
    return words;
  }
}
