// The same values in another number format, rounded once to nearest; integers truncate towards zero and saturate.
//
// Launch: items n / 8 (cast_any: n). Bytes: x + y.
#include "common.cuh"

// Between floating formats, or from bytes: eight elements at a time, so that both sides move 8 to 32 bytes at once.
template <typename From, typename To>
DEVICE void cast(const From* x, To* y, long long n) {
  constexpr int PACK = 8;
  long long packs = aligned(x, y) ? n / PACK : 0;
#pragma unroll 1
  for (long long i = gridThread(); i < packs; i += gridThreads()) {
    constexpr int READ = WIDTH<From> < PACK ? WIDTH<From> : PACK;
    constexpr int WRITE = WIDTH<To> < PACK ? WIDTH<To> : PACK;
    float values[PACK];
#pragma unroll
    for (int part = 0; part < PACK; part += READ) {
      Floats<READ> read = load<READ>(x + i * PACK + part);
#pragma unroll
      for (int k = 0; k < READ; k++) values[part + k] = read[k];
    }
#pragma unroll
    for (int part = 0; part < PACK; part += WRITE) {
      Floats<WRITE> written;
#pragma unroll
      for (int k = 0; k < WRITE; k++) written[k] = values[part + k];
      store(y + i * PACK + part, written);
    }
  }
#pragma unroll 1
  for (long long i = packs * PACK + gridThread(); i < n; i += gridThreads()) y[i] = fromFloat<To>(toFloat(x[i]));
}

#define CAST(FROM, TO, From, To)                                                                                       \
  ENTRY(cast_##FROM##_##TO)(const From* x, To* y, long long n) { cast(x, y, n); }
CAST(f32, f16, float, __half)
CAST(f32, bf16, float, __nv_bfloat16)
CAST(f16, f32, __half, float)
CAST(f16, bf16, __half, __nv_bfloat16)
CAST(bf16, f32, __nv_bfloat16, float)
CAST(bf16, f16, __nv_bfloat16, __half)
CAST(u8, f32, unsigned char, float)
CAST(u8, f16, unsigned char, __half)
CAST(u8, bf16, unsigned char, __nv_bfloat16)

// The codes of formats in cast_any.
enum Format { F64, F32, F16, BF16, I64, I32, U8 };

DEVICE double read(const void* x, long long i, int format) {
  switch (format) {
    case F64: return static_cast<const double*>(x)[i];
    case F32: return static_cast<const float*>(x)[i];
    case F16: return toFloat(static_cast<const __half*>(x)[i]);
    case BF16: return toFloat(static_cast<const __nv_bfloat16*>(x)[i]);
    case I64: return (double)static_cast<const long long*>(x)[i];
    case I32: return static_cast<const int*>(x)[i];
    default: return static_cast<const unsigned char*>(x)[i];
  }
}

// Rounds to a float whose last bit tells that something was cut off, so that rounding it again gives what rounding
// once would ("round to odd": Boldo and Melquiond, IEEE Transactions on Computers 57, 2008).
DEVICE float roundToOdd(double value) {
  float rounded = (float)value;
  if (rounded == value || value != value) return rounded;
  int bits = __float_as_int(rounded);
  if (fabs((double)rounded) > fabs(value)) bits--;
  return __int_as_float(bits | 1);
}

// Truncated and limited to low … high; NaN becomes 0, but at least low.
DEVICE double saturated(double value, double low, double high) {
  double whole = value != value ? 0 : trunc(value);
  return whole < low ? low : whole > high ? high : whole;
}

DEVICE void write(void* y, long long i, int format, double value) {
  switch (format) {
    case F64: static_cast<double*>(y)[i] = value; break;
    case F32: static_cast<float*>(y)[i] = (float)value; break;
    case F16: static_cast<__half*>(y)[i] = fromFloat<__half>(roundToOdd(value)); break;
    case BF16: static_cast<__nv_bfloat16*>(y)[i] = fromFloat<__nv_bfloat16>(roundToOdd(value)); break;
    case I64:
      // 2^63 as a double is one too many.
      static_cast<long long*>(y)[i] =
          value >= 0x1p63 ? 0x7fffffffffffffffLL : (long long)saturated(value, -0x1p63, 0x1p63);
      break;
    case I32: static_cast<int*>(y)[i] = (int)saturated(value, -0x1p31, 0x1p31 - 1); break;
    default: static_cast<unsigned char*>(y)[i] = (unsigned char)saturated(value, 0, 255); break;
  }
}

// Any format to any other through double, which holds all but 64-bit integers beyond 2^53 exactly. For what is rare.
ENTRY(cast_any)(const void* x, void* y, long long n, int from, int to) {
  for (long long i = gridThread(); i < n; i += gridThreads()) write(y, i, to, read(x, i, from));
}
