package io.ventral.cli.gpucheck;

/** A share of the cells that can be asked for alone, in the order in which they run. */
public enum Part {
  /** Every kernel against the reference. */
  DOCTOR,
  /** The first network in 16 bits. */
  FIRST,
  /** The other networks in 16 bits. */
  NETWORKS,
  /** All networks in the other number formats. */
  FORMATS
}
