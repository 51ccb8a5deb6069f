package io.ventral.cli;

/** Form of what goes to stdout. */
enum OutputFormat {
  TEXT,
  JSON,
  CSV
}
