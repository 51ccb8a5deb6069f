package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ended a command into one line on stderr and an exit code. */
final class Failures {
  private Failures() {}

  /** Returns the exit code for arguments that make no sense, after saying what is wrong. */
  static int usage(ParameterException exception, String[] args) {
    StringBuilder message = new StringBuilder(oneLine(exception.getMessage()));
    if (exception instanceof UnmatchedArgumentException unmatched) {
      unmatched.getUnmatched().stream()
          .findFirst()
          .flatMap(word -> nearest(word, exception.getCommandLine()))
          .ifPresent(name -> message.append("; did you mean ").append(name).append("?"));
    }
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    System.err.println("ventral: " + message + " (" + command + " --help lists what fits)");
    return ErrorKind.USER.exitCode();
  }

  private static Optional<String> nearest(String word, CommandLine line) {
    return word.startsWith("-")
        ? Suggestion.nearest(word, line.getCommandSpec().optionsMap().keySet())
        : Suggestion.nearest(word, line.getSubcommands().keySet());
  }

  /** Returns the exit code for what a command threw, after saying what happened. */
  static int execution(Exception exception, CommandLine line, ParseResult result) {
    return switch (exception) {
      case EngineException known -> {
        System.err.println("ventral: " + oneLine(known.getMessage()));
        if (known.kind() == ErrorKind.INTERNAL) {
          known.printStackTrace();
        }
        yield known.kind().exitCode();
      }
      case UncheckedIOException io -> {
        System.err.println("ventral: " + oneLine(io.getCause().getMessage()));
        yield ErrorKind.RESOURCE.exitCode();
      }
      case Exception unknown -> {
        System.err.println("ventral: a defect of ventral, please report it: " + unknown);
        unknown.printStackTrace();
        yield ErrorKind.INTERNAL.exitCode();
      }
    };
  }

  private static String oneLine(String message) {
    return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
