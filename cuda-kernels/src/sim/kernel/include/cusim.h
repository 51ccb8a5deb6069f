#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#define DYN_SHARED(T, name) DYNAMIC_SHARED(T, name)
