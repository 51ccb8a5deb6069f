/**
 * oneDNN and the OpenMP runtime behind it, as Java sees them: functions called by name, descriptors
 * of memory and of primitives, the one thread that may call, the team of threads behind it, memory
 * in large pages. It must not know what an operation is. Start at {@link
 * io.ventral.backend.onednn.library.DnnlLibrary}, which alone calls oneDNN.
 */
package io.ventral.backend.onednn.library;
