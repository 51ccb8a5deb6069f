/**
 * Rules from graph to graph, one a file, each with a picture of before and after. A rule must keep
 * every number that the graph computes, but for {@link io.ventral.rewrite.MixedPrecision}, which
 * the user asks for, and for what that comes to on devices that round more: {@link
 * io.ventral.rewrite.RoundConvBias} and {@link io.ventral.rewrite.RoundFilterGradient}. Start at
 * {@link io.ventral.rewrite.Rewrites}, the list in order.
 */
package io.ventral.rewrite;
