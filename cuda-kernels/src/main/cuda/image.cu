// Images of bytes from the host's staging buffers become the network's input: cropped, mirrored, normalised, NHWC.
//
// The host fills two pinned buffers in turn; the step's parity tells which one is full, so that a captured step needs no
// argument of its own. Launch: items samples · height · width. Bytes: the bytes shown + y.
#include "common.cuh"

// Where the window of one sample lies in its source, as the host writes it.
struct Frame {
  int top, left, mirror, valid;
};

// y[n,r,c,·] = table[channel][byte] of the source at (top + r, left + c), from the right if mirrored; byte 0 outside the
// source; channels behind the source's, and samples that are not valid, are 0.
template <typename T>
DEVICE void upload(const unsigned char* __restrict__ pixels, const Frame* __restrict__ frames,
                   const float* __restrict__ table, T* __restrict__ y, long long samples, int sourceHeight,
                   int sourceWidth, int sourceChannels, int height, int width, int channels) {
  for (long long i = gridThread(); i < samples * height * width; i += gridThreads()) {
    long long line = i / width;
    int column = (int)(i - line * width);
    long long sample = line / height;
    Frame frame = frames[sample];
    int row = frame.top + (int)(line - sample * height);
    column = frame.left + (frame.mirror ? width - 1 - column : column);
    bool inside = row >= 0 && row < sourceHeight && column >= 0 && column < sourceWidth;
    const unsigned char* pixel = pixels + ((sample * sourceHeight + row) * sourceWidth + column) * sourceChannels;
    for (int c = 0; c < channels; c++) {
      float value = 0;
      if (frame.valid && c < sourceChannels) value = table[c * 256 + (inside ? pixel[c] : 0)];
      y[i * channels + c] = fromFloat<T>(value);
    }
  }
}

#define IMAGE_UPLOAD(F, T)                                                                                             \
  ENTRY(image_upload_##F)                                                                                              \
  (const unsigned char* even, const unsigned char* odd, const long long* step, const Frame* evenFrames,                \
   const Frame* oddFrames, const float* table, T* y, long long samples, int sourceHeight, int sourceWidth,             \
   int sourceChannels, int height, int width, int channels) {                                                          \
    bool first = *step % 2 == 0;                                                                                       \
    upload(first ? even : odd, first ? evenFrames : oddFrames, table, y, samples, sourceHeight, sourceWidth,           \
           sourceChannels, height, width, channels);                                                                   \
  }
FORMATS(IMAGE_UPLOAD)
