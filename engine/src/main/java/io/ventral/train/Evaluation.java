package io.ventral.train;

/**
 * What an evaluation found.
 *
 * @param images images that counted, each once
 * @param top1 how many had their label as best score
 * @param top5 how many had it among the best five, or among all with fewer classes
 * @param lossSum sum of the losses
 */
public record Evaluation(long images, long top1, long top5, double lossSum) {
  /** Returns the top-1 accuracy in per cent. */
  public double acc1() {
    return 100.0 * top1 / images;
  }

  /** Returns the top-5 accuracy in per cent. */
  public double acc5() {
    return 100.0 * top5 / images;
  }

  /** Returns the mean loss. */
  public double loss() {
    return lossSum / images;
  }

  /** Returns the counts of both together. */
  Evaluation plus(Evaluation other) {
    return new Evaluation(
        images + other.images, top1 + other.top1, top5 + other.top5, lossSum + other.lossSum);
  }
}
