package io.ventral.cli;

/** What people read while a command runs: on stderr, so that stdout stays for results. */
record Messages(boolean verbose, boolean quiet) {
  void info(String line) {
    if (!quiet) {
      System.err.println(line);
    }
  }

  void detail(String line) {
    if (verbose && !quiet) {
      System.err.println(line);
    }
  }
}
