package io.ventral.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of safetensors files, possible and impossible ones. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  static String two(String offsetsA, String offsetsB) {
    return "{%s,%s}".formatted(f32("a", offsetsA), f32("b", offsetsB));
  }

  static String f32(String name, String offsets) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}".formatted(name, offsets);
  }

  /** Returns a file with this header and sixteen bytes of data. */
  static byte[] file(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return withLength(text.length, Arrays.copyOf(text, text.length + 16));
  }

  static byte[] withLength(long length, byte[] rest) {
    return ByteBuffer.allocate(8 + rest.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(rest)
        .array();
  }
}
