/**
 * Tensors in files: safetensors, NumPy and ONNX tensors, and the atomic way to write any file.
 * Files keep the order of their ecosystems (row-major: NCHW, OIHW), engine memory is channels-last,
 * and this package alone converts between the two. It must not know networks or devices, and it
 * treats every file it reads as hostile. Start at {@link io.ventral.io.SafetensorsFile}.
 */
package io.ventral.io;
