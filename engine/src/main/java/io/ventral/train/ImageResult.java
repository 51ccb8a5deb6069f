package io.ventral.train;

/**
 * What evaluation found for one image.
 *
 * @param item its number in the data set
 * @param probabilities by class index
 */
public record ImageResult(int item, int label, double loss, double[] probabilities) {}
