/**
 * Time and memory: in which order nodes run, how long values live, and where they lie. Everything
 * here is a pure function of the graph and a few sizes; it must not know any device. Start at
 * {@link io.ventral.plan.BufferPlanner}; {@link io.ventral.plan.MemoryPlanner} turns lifetimes into
 * offsets.
 */
package io.ventral.plan;
