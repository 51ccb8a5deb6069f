/**
 * What a value is: number format, shape, memory order, windows, host memory and random numbers. It
 * must not know operations or devices. Start at {@link io.ventral.tensor.TensorType}.
 */
package io.ventral.tensor;
