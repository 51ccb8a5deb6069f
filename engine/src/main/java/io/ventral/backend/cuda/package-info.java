/**
 * NVIDIA GPUs: the driver API, cuDNN for convolutions, cuBLAS for matrix products, kernels of our
 * own for everything else. Only {@code Driver}, {@code Blas}, {@code Dnn} and {@code Rand} call
 * JCuda, one of its parts each. It must not know what is computed or why. Start at {@link
 * io.ventral.backend.cuda.CudaDevice}, then {@code CudaKernels}.
 */
package io.ventral.backend.cuda;
