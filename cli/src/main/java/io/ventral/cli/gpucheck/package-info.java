/**
 * What a GPU is checked with and how fast it is: a list of cells, each a process of its own, and
 * the file of their results. Start at {@link io.ventral.cli.gpucheck.GpuCheck}.
 */
package io.ventral.cli.gpucheck;
