package io.ventral.cli.gpucheck;

/** What computes a cell. */
public enum Program {
  VENTRAL("ventral"),
  PYTORCH("PyTorch"),
  PYTORCH_COMPILED("PyTorch compiled");

  private final String word;

  Program(String word) {
    this.word = word;
  }

  /** Returns the name that people read. */
  public String word() {
    return word;
  }
}
