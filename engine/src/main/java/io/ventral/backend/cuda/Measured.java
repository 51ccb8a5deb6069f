package io.ventral.backend.cuda;

/**
 * What was measured of one algorithm.
 *
 * @param mathType the library's number for the arithmetic that it was measured with
 */
record Measured(
    int algorithm,
    int mathType,
    boolean succeeded,
    double seconds,
    long workspaceBytes,
    boolean deterministic) {}
