// The inputs of a run, delivered from the buffer that is full to where the run reads them.
//
// The host fills two buffers in turn and writes down the number of the run; its parity tells which one is full, so that a
// captured step needs no argument of its own. Launch: items bytes of a buffer / 16. Bytes: twice those of the inputs.
#include "common.cuh"

// An input, as the host puts it down at the beginning of the buffer.
struct Parcel {
  unsigned char* target;
  long long begin, bytes;
};

ENTRY(deliver_inputs)(const unsigned char* even, const unsigned char* odd, const long long* run, int parcels) {
  const unsigned char* buffer = *run % 2 == 0 ? even : odd;
  const Parcel* table = reinterpret_cast<const Parcel*>(buffer);
  for (int i = 0; i < parcels; i++) {
    Parcel parcel = table[i];
    const unsigned char* from = buffer + parcel.begin;
    forEach<unsigned char>(parcel.bytes, aligned(from, parcel.target), [&]<int N>(Count<N>, long long at) {
      if constexpr (N == 1) {
        parcel.target[at] = from[at];
      } else {
        *reinterpret_cast<uint4*>(parcel.target + at) = *reinterpret_cast<const uint4*>(from + at);
      }
    });
  }
}
