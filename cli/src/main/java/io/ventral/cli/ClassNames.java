package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What classes are called.
 *
 * @param names by class index; empty if they are not known
 */
record ClassNames(List<String> names) {
  ClassNames {
    names = List.copyOf(names);
  }

  /**
   * Returns the names in {@code file}, UTF-8, one a line in the order of the indices.
   *
   * @throws EngineException USER if it cannot be read, DATA if it has not {@code classes} names
   */
  static ClassNames read(Path file, int classes) {
    try {
      List<String> names =
          Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
      if (names.size() != classes) {
        throw EngineException.data(
            "%s: %d class names; the network has %d classes"
                .formatted(file, names.size(), classes));
      }
      return new ClassNames(names);
    } catch (CharacterCodingException e) {
      throw new EngineException(ErrorKind.DATA, file + ": no UTF-8 text", e);
    } catch (IOException e) {
      throw new EngineException(ErrorKind.USER, file + ": cannot be read: " + e, e);
    }
  }

  /** Returns whether there are names. */
  boolean known() {
    return !names.isEmpty();
  }

  /** Returns the name of a class, or its index if names are not known. */
  String of(int index) {
    return known() ? names.get(index) : String.valueOf(index);
  }
}
