/**
 * Compile and execute: from a graph to launches, from arenas to results. It must not know what is
 * trained or why. Start at {@link io.ventral.run.Compiler}, then {@link io.ventral.run.Session}.
 */
package io.ventral.run;
