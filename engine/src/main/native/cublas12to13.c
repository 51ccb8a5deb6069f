/*
 * A library that answers to the name of cuBLAS 12 and passes calls on to cuBLAS 13, which has the same functions with
 * the same arguments under another version of their names. Each function is one jump through a pointer, so arguments
 * pass untouched; the pointers are set by io.ventral.backend.cuda.CudaLibraries. The list is that of Blas.SYMBOLS.
 *
 * JCuda asks for the functions by version "libcublas.so.12", and the dynamic linker ends the process where a library of
 * that name has no versions: hence cublas12to13.map.
 *
 * The machine code travels prebuilt, for users have no compiler; ForwarderTest builds it again and compares:
 *   gcc -shared -nostdlib -s -Wl,-soname,libcublas.so.12 -Wl,--version-script=cublas12to13.map -o libcublas12to13.so cublas12to13.c
 */
#define FORWARD(name)                                                                   \
  __asm__(".data\n.globl to_" #name "\n.type to_" #name ", @object\n.size to_" #name    \
          ", 8\nto_" #name ":\n.Lto_" #name ": .quad 0\n"                               \
          ".text\n.globl " #name "\n.type " #name ", @function\n" #name ": jmp *.Lto_"  \
          #name "(%rip)\n.size " #name ", . - " #name "\n");

FORWARD(cublasCreate_v2)
FORWARD(cublasDestroy_v2)
FORWARD(cublasGetProperty)
FORWARD(cublasGetStatusName)
FORWARD(cublasGetStatusString)
FORWARD(cublasSetStream_v2)
FORWARD(cublasSetWorkspace_v2)
FORWARD(cublasSetMathMode)
FORWARD(cublasGemmEx)
