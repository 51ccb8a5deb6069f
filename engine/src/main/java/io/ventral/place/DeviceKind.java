package io.ventral.place;

/** What a device is. */
public enum DeviceKind {
  /** Plain loops over double: the definition of every operation. */
  REFERENCE("reference"),
  /** The processor. */
  CPU("cpu"),
  /** An NVIDIA GPU. */
  CUDA("cuda");

  private final String word;

  DeviceKind(String word) {
    this.word = word;
  }

  /** Returns the name used on the command line. */
  public String word() {
    return word;
  }
}
