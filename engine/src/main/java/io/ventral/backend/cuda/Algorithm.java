package io.ventral.backend.cuda;

/**
 * How cuDNN is to compute one convolution.
 *
 * @param number cuDNN's for the algorithm
 * @param mathType cuDNN's for the arithmetic
 */
record Algorithm(int number, int mathType, long workspaceBytes) {}
