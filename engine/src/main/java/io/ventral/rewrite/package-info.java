/**
 * Rules from graph to graph, one a file, each with a picture of before and after. A rule must keep
 * every number that the graph computes, but for {@link io.ventral.rewrite.MixedPrecision}, which
 * the user asks for. Start at {@link io.ventral.rewrite.Rewrites}, the list in order.
 */
package io.ventral.rewrite;
