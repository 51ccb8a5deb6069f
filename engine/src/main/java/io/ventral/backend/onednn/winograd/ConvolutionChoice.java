package io.ventral.backend.onednn.winograd;

/** Decides how a convolution is computed for which there are two ways. */
public interface ConvolutionChoice {
  /**
   * Returns whether a convolution that could be computed by minimal filtering is.
   *
   * @param prepared whether the filter is at the points already
   */
  boolean tiles(WinogradProblem problem, boolean prepared);

  /** Returns how many tiles are then worked on at a time, at least 1. */
  int tilesAtOnce(WinogradProblem problem);

  /** Returns the choice of what costs less. */
  static ConvolutionChoice cheaper() {
    return new ConvolutionChoice() {
      @Override
      public boolean tiles(WinogradProblem problem, boolean prepared) {
        return problem.cost(prepared) < problem.directCost();
      }

      @Override
      public int tilesAtOnce(WinogradProblem problem) {
        return problem.tilesAtOnce();
      }
    };
  }
}
