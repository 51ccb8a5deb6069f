// The formats of operands, converted to and from float32.
#pragma once

#include <cstddef>

namespace sim {

enum class Format { FLOAT, HALF, BFLOAT16 };

size_t bytes_of(Format format);

/** Reads n neighbours. */
void load(Format format, const void *from, float *to, size_t n);

/** Writes alpha · values + beta · what was there, rounded once to nearest even; that is not read if beta is 0. */
void store(Format format, const float *values, void *to, size_t n, float alpha, float beta);

/** Rounds to the 10 bits of mantissa of TF32. */
void round_to_tf32(float *values, size_t n);

/** Spoils a workspace, as an algorithm that uses it would. */
void scribble(void *workspace, size_t bytes);

}  // namespace sim
