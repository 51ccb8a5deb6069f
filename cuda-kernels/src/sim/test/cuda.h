// The calls that the tests make, as a program that uses CUDA declares them.
#pragma once

#include <cstddef>
#include <cstdint>

using Address = unsigned long long;
using Handle = void *;

extern "C" {
int ventral_sim_restart(const char *settings);
int ventral_sim_faults(const char *list);
int ventral_sim_calls(const char *function);
int ventral_sim_allocations();

int cuInit(unsigned);
int cuDriverGetVersion(int *);
int cuDeviceGetCount(int *);
int cuDeviceGetAttribute(int *, int, int);
int cuGetErrorName(int, const char **);
int cuDevicePrimaryCtxRetain(Handle *, int);
int cuDevicePrimaryCtxRelease_v2(int);
int cuCtxSetCurrent(Handle);
int cuCtxSynchronize();
int cuCtxEnablePeerAccess(Handle, unsigned);
int cuMemGetInfo_v2(size_t *, size_t *);
int cuMemAlloc_v2(Address *, size_t);
int cuMemFree_v2(Address);
int cuMemHostAlloc(void **, size_t, unsigned);
int cuMemFreeHost(void *);
int cuMemcpyHtoD_v2(Address, const void *, size_t);
int cuMemcpyHtoDAsync_v2(Address, const void *, size_t, Handle);
int cuMemcpyDtoH_v2(void *, Address, size_t);
int cuMemcpyDtoHAsync_v2(void *, Address, size_t, Handle);
int cuMemcpyDtoDAsync_v2(Address, Address, size_t, Handle);
int cuMemcpyPeerAsync(Address, Handle, Address, Handle, size_t, Handle);
int cuMemsetD32Async(Address, unsigned, size_t, Handle);
int cuModuleLoadData(Handle *, const char *);
int cuModuleGetFunction(Handle *, Handle, const char *);
int cuFuncSetAttribute(Handle, int, int);
int cuLaunchKernel(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void **,
                   void **);
int cuLaunchHostFunc(Handle, void (*)(void *), void *);
int cuStreamCreate(Handle *, unsigned);
int cuStreamDestroy_v2(Handle);
int cuStreamSynchronize(Handle);
int cuStreamQuery(Handle);
int cuStreamWaitEvent(Handle, Handle, unsigned);
int cuStreamBeginCapture_v2(Handle, int);
int cuStreamEndCapture(Handle, Handle *);
int cuStreamIsCapturing(Handle, int *);
int cuEventCreate(Handle *, unsigned);
int cuEventRecord(Handle, Handle);
int cuEventSynchronize(Handle);
int cuEventQuery(Handle);
int cuGraphInstantiateWithFlags(Handle *, Handle, unsigned long long);
int cuGraphLaunch(Handle, Handle);
int cuGraphExecDestroy(Handle);
int cuGraphDestroy(Handle);
int cuArrayCreate_v2(Handle *, const void *);

int cublasCreate_v2(Handle *);
int cublasDestroy_v2(Handle);
int cublasSetStream_v2(Handle, Handle);
int cublasSetWorkspace_v2(Handle, Address, size_t);
int cublasSetMathMode(Handle, int);
int cublasGemmStridedBatchedEx(Handle, int, int, int, int, int, const void *, Address, int, int, long long, Address,
                               int, int, long long, const void *, Address, int, int, long long, int, int, int);

int cudnnCreate(Handle *);
int cudnnDestroy(Handle);
int cudnnSetStream(Handle, Handle);
int cudnnCreateTensorDescriptor(Handle *);
int cudnnDestroyTensorDescriptor(Handle);
int cudnnSetTensor4dDescriptor(Handle, int, int, int, int, int, int);
int cudnnCreateFilterDescriptor(Handle *);
int cudnnDestroyFilterDescriptor(Handle);
int cudnnSetFilter4dDescriptor(Handle, int, int, int, int, int, int);
int cudnnCreateConvolutionDescriptor(Handle *);
int cudnnDestroyConvolutionDescriptor(Handle);
int cudnnSetConvolution2dDescriptor(Handle, int, int, int, int, int, int, int, int);
int cudnnSetConvolutionGroupCount(Handle, int);
int cudnnSetConvolutionMathType(Handle, int);
int cudnnGetConvolutionForwardWorkspaceSize(Handle, Handle, Handle, Handle, Handle, int, size_t *);
int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle, Handle, Handle, Handle, Handle, int, size_t *);
int cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle, Handle, Handle, Handle, Handle, int, size_t *);
int cudnnCreateActivationDescriptor(Handle *);
int cudnnDestroyActivationDescriptor(Handle);
int cudnnSetActivationDescriptor(Handle, int, int, double);
int cudnnConvolutionBiasActivationForward(Handle, const void *, Handle, Address, Handle, Address, Handle, int, Address,
                                          size_t, const void *, Handle, Address, Handle, Address, Handle, Handle,
                                          Address);
int cudnnConvolutionForward(Handle, const void *, Handle, Address, Handle, Address, Handle, int, Address, size_t,
                            const void *, Handle, Address);
int cudnnConvolutionBackwardData(Handle, const void *, Handle, Address, Handle, Address, Handle, int, Address, size_t,
                                 const void *, Handle, Address);
int cudnnConvolutionBackwardFilter(Handle, const void *, Handle, Address, Handle, Address, Handle, int, Address,
                                   size_t, const void *, Handle, Address);
int cudnnFindConvolutionBackwardFilterAlgorithmEx(Handle, Handle, Address, Handle, Address, Handle, Handle, Address,
                                                  int, int *, void *, Address, size_t);
int cudnnCreatePoolingDescriptor(Handle *);

int curandCreateGenerator(Handle *, int);
int curandDestroyGenerator(Handle);
int curandSetStream(Handle, Handle);
int curandSetPseudoRandomGeneratorSeed(Handle, unsigned long long);
int curandGenerateUniform(Handle, Address, size_t);
}
