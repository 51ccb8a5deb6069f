package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The header bytes of a safetensors file: length, JSON, spaces up to a multiple of eight bytes. */
final class SafetensorsHeaderText {
  private SafetensorsHeaderText() {}

  /** Returns the header; its length does not depend on the checksum. */
  static byte[] bytes(
      List<SafetensorsWriter.Entry> entries, Map<String, String> metadata, int checksum) {
    byte[] json = json(entries, metadata, checksum);
    int length = Math.ceilDiv(json.length, 8) * 8;
    ByteBuffer header =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }

  private static byte[] json(
      List<SafetensorsWriter.Entry> entries, Map<String, String> metadata, int checksum) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      // Sorted, since maps promise no order and equal content shall give equal bytes.
      Map<String, String> sorted = new TreeMap<>(metadata);
      sorted.putAll(SafetensorsChecksum.metadata(checksum));
      json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
      sorted.forEach(json::writeStringProperty);
      json.writeEndObject();
      long begin = 0;
      for (SafetensorsWriter.Entry entry : entries) {
        writeEntry(json, entry, begin);
        begin += entry.bytes();
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, SafetensorsWriter.Entry entry, long begin) {
    json.writeObjectPropertyStart(entry.name());
    json.writeStringProperty("dtype", name(entry.dtype()));
    int[] extents = entry.fileShape().extents();
    json.writeName("shape").writeArray(extents, 0, extents.length);
    long[] offsets = {begin, begin + entry.bytes()};
    json.writeName("data_offsets").writeArray(offsets, 0, offsets.length);
    json.writeEndObject();
  }

  private static String name(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "F64";
      case FLOAT32 -> "F32";
      case FLOAT16 -> "F16";
      case BFLOAT16 -> "BF16";
      case INT64 -> "I64";
      case INT32 -> "I32";
      case UINT8 -> "U8";
      case OPAQUE -> throw EngineException.internal("an opaque value cannot be written to a file");
    };
  }
}
