/**
 * Kernels put together of oneDNN's primitives and loops of ours: which operand or piece of scratch
 * an argument is, what steps follow each other, what is planned as scratch. It must not choose
 * between ways to compute an operation. Start at {@link
 * io.ventral.backend.onednn.primitive.NativeKernel}.
 */
package io.ventral.backend.onednn.primitive;
