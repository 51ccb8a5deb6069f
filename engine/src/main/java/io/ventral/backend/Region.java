package io.ventral.backend;

import io.ventral.tensor.TensorType;

/**
 * Where a value lies.
 *
 * @param offset first byte within {@code memory}
 * @param bytes the size on the device
 */
public record Region(Memory memory, long offset, long bytes, TensorType type) {}
