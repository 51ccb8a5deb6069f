package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.network.GoldenFill;
import io.ventral.train.Checkpoint;
import io.ventral.train.TensorRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where parameters come from. */
sealed interface InitialValues extends AutoCloseable {
  /** Returns the number of classes that {@code model} has with them, where they tell. */
  Optional<Integer> classes(ModelSource model);

  /** Sets all parameters of {@code run}. */
  void apply(TensorRun run);

  @Override
  void close();

  /** Of a file. */
  record FromFile(Checkpoint checkpoint) implements InitialValues {
    @Override
    public Optional<Integer> classes(ModelSource model) {
      return checkpoint
          .info()
          .map(info -> info.network().request().classes())
          .or(() -> BareWeights.of(checkpoint, model).classes());
    }

    @Override
    public void apply(TensorRun run) {
      run.load(checkpoint);
    }

    @Override
    public void close() {
      checkpoint.close();
    }
  }

  /** By formula. */
  record ByFormula(GoldenFill fill) implements InitialValues {
    @Override
    public Optional<Integer> classes(ModelSource model) {
      return Optional.empty();
    }

    @Override
    public void apply(TensorRun run) {
      run.fill(fill);
    }

    @Override
    public void close() {}
  }

  /**
   * Returns the values of a weights file or of {@code golden[:TAG]}, whichever is given.
   *
   * @throws EngineException USER if not just one of the two is given
   */
  static InitialValues of(Optional<Path> weights, Optional<String> fill) {
    if (weights.isPresent() == fill.isPresent()) {
      throw EngineException.user(
          weights.isPresent()
              ? "--weights and --fill exclude each other"
              : "--weights FILE or --fill golden is needed: the parameters have no values yet");
    }
    return weights
        .map(file -> (InitialValues) new FromFile(Checkpoint.open(file)))
        .orElseGet(() -> new ByFormula(golden(fill.orElseThrow())));
  }

  private static GoldenFill golden(String text) {
    Matcher matcher = Pattern.compile("golden(?::(.*))?").matcher(text);
    if (!matcher.matches()) {
      throw EngineException.user("--fill '%s': golden or golden:TAG was expected".formatted(text));
    }
    return new GoldenFill(Optional.ofNullable(matcher.group(1)).orElse(""));
  }
}
