/**
 * The processor at full speed: oneDNN's primitives through its C interface, and loops of our own
 * for what it lacks. Everything runs on one thread of the device and the OpenMP team behind it. It
 * must not define what an operation means; the reference does. 3×3 convolutions are computed by
 * minimal filtering where that costs less ({@link io.ventral.backend.onednn.WinogradKernels}), by a
 * rule on shapes, never by a timing. Start at {@link io.ventral.backend.onednn.OneDnnKernels}, the
 * one switch from operation to kernel; {@link io.ventral.backend.onednn.DnnlLibrary} alone calls
 * native code.
 */
package io.ventral.backend.onednn;
