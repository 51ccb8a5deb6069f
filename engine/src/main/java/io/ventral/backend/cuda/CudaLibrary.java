package io.ventral.backend.cuda;

import java.util.Arrays;
import java.util.List;

/** A library of CUDA: under which names it is looked for, and what is called in it. */
enum CudaLibrary {
  DRIVER("driver", Driver.SYMBOLS, "libcuda.so.1"),
  BLAS("cuBLAS", Blas.SYMBOLS, "libcublas.so.12 libcublas.so.13"),
  DNN("cuDNN", Dnn.SYMBOLS, "libcudnn.so.9"),
  RAND("cuRAND", Rand.SYMBOLS, "libcurand.so.10");

  private final String word;
  private final String symbols;
  private final String files;

  CudaLibrary(String word, String symbols, String files) {
    this.word = word;
    this.symbols = symbols;
    this.files = files;
  }

  /** Returns the name that people know. */
  String word() {
    return word;
  }

  /** Returns the names of the file, the preferred one first. */
  List<String> files() {
    return words(files);
  }

  /** Returns the functions that are called. */
  List<String> symbols() {
    return words(symbols);
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.strip().split("\\s+", -1));
  }
}
