/**
 * The processor at full speed: oneDNN's primitives through its C interface, and loops of our own
 * for what it lacks. Everything runs on one thread of the device and the OpenMP team behind it. It
 * must not define what an operation means; the reference does. Start at {@link
 * io.ventral.backend.onednn.OneDnnKernels}, the one switch from operation to kernel; each family of
 * operations has a class of kernels beside it, built of {@code primitive}s, {@code loop}s, the
 * {@code update} of parameters and the 3×3 convolutions of {@code winograd}. {@code library} alone
 * calls native code.
 */
package io.ventral.backend.onednn;
