package io.ventral.backend;

/** The way of a value from a device to the host, taken run after run. */
public interface Readout {
  /**
   * Sets out to bring what the work launched so far gives; what is launched later does not show.
   */
  void begin();

  /** Returns when what {@link #begin} set out to bring is there. */
  void finish();
}
