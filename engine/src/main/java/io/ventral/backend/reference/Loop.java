package io.ventral.backend.reference;

import java.util.List;

/** The body of a reference kernel: reads the inputs, writes every element of every output. */
@FunctionalInterface
interface Loop {
  void run(List<Elements> inputs, List<Elements> outputs, ParallelLoop parallel);
}
