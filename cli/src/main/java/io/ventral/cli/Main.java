package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code ventral}. Its exit code is 0, or the code of the error that ended it. */
@Command(
    name = "ventral",
    description = "Trains and evaluates convolutional networks.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      RunCommand.class,
      DescribeCommand.class,
      BenchCommand.class,
      ModelsCommand.class,
      DevicesCommand.class,
      DoctorCommand.class,
      GpuCheckCommand.class,
      BundleCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "2:flags, names, usage",
      "3:not supported",
      "4:not enough memory or disk",
      "5:device",
      "6:contents of a file",
      "7:training became non-finite",
      "70:a defect of ventral",
      "130:interrupted, state saved"
    })
public final class Main implements Runnable {
  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Returns the exit code of the command that the arguments name, after running it. */
  static int execute(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    // What follows an argument file overrides what is in it.
    line.setOverwrittenOptionsAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setParameterExceptionHandler(Failures::usage);
    line.setExecutionExceptionHandler(Failures::execution);
    try {
      return line.execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println("ventral: the Java heap is full; use a smaller batch");
      return ErrorKind.RESOURCE.exitCode();
    }
  }

  /** Without a command there is nothing to do but to say what can be done. */
  @Override
  public void run() {
    new CommandLine(this).usage(System.err);
    throw EngineException.user("no command given");
  }
}
