package io.ventral.cli;

import io.ventral.error.EngineException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of one tensor and the name of what it holds, as in {@code conv1=Y.npy}. */
record TensorArgument(Optional<String> name, Path file) {
  /** What stands before the first equals sign is a name unless it holds a slash. */
  private static final Pattern FORM = Pattern.compile("(?:([^=/]+)=)?([^=].*)");

  /**
   * Returns the argument that {@code text} is.
   *
   * @throws EngineException USER if the name or the file is missing
   */
  static TensorArgument parse(String flag, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw EngineException.user("%s '%s': NAME=FILE or FILE was expected".formatted(flag, text));
    }
    return new TensorArgument(Optional.ofNullable(matcher.group(1)), Path.of(matcher.group(2)));
  }
}
