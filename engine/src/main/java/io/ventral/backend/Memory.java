package io.ventral.backend;

/** A block of one device's memory, known only to that device. */
public interface Memory {
  /** Returns the size in bytes. */
  long bytes();
}
