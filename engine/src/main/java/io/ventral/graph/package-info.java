/**
 * The program as data: nodes in an order in which they can run, states that outlive a run, inputs
 * and outputs. Graphs are immutable; every stage of the compiler is a function from one to another.
 * It must not know devices' memory or kernels. Start at {@link io.ventral.graph.Graph}.
 */
package io.ventral.graph;
