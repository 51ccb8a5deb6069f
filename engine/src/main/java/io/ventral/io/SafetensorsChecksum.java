package io.ventral.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The CRC-32C that guards a safetensors file of ours, as eight hexadecimal digits in its metadata:
 * in format 2 of all its bytes, these digits taken as zeros; in format 1, which does not say its
 * number, of the data part alone.
 */
final class SafetensorsChecksum {
  /** What the keys of our metadata begin with. */
  private static final String OURS = "ventral.";

  private static final String CHECKSUM = OURS + "crc32c";
  private static final String FORMAT = OURS + "format";
  private static final String NEWEST = "2";
  private static final int DIGITS = 8;
  private static final long BLOCK_BYTES = 1 << 30;

  private SafetensorsChecksum() {}

  /** Returns the metadata that a file of the newest format carries for it. */
  static Map<String, String> metadata(int checksum) {
    return Map.of(CHECKSUM, hex(checksum), FORMAT, NEWEST);
  }

  /**
   * Returns whether the file is one of ours, after holding it against its checksum.
   *
   * @throws io.ventral.error.EngineException DATA if it is not what was written
   */
  static boolean verify(InputFile file, SafetensorsHeader header) {
    Map<String, String> metadata = header.metadata();
    if (metadata.keySet().stream().noneMatch(key -> key.startsWith(OURS))) {
      return false;
    }
    String wanted = metadata.get(CHECKSUM);
    if (wanted == null) {
      throw file.damaged("carries no checksum, unlike what ventral writes: the file is damaged");
    }
    String format = metadata.get(FORMAT);
    if (format != null && !format.equals(NEWEST)) {
      throw file.damaged(
          "is of format %s; this version reads %s: damaged, or written by a newer one",
          format, NEWEST);
    }
    CRC32C found = format == null ? new CRC32C() : ofHeader(file, header);
    for (long start = header.dataStart(); start < file.size(); start += BLOCK_BYTES) {
      long length = Math.min(BLOCK_BYTES, file.size() - start);
      found.update(file.bytes().asSlice(start, length).asByteBuffer());
    }
    String digits = hex((int) found.getValue());
    if (!digits.equals(wanted)) {
      throw file.damaged("has checksum %s, %s was written: the file is damaged", digits, wanted);
    }
    return true;
  }

  private static CRC32C ofHeader(InputFile file, SafetensorsHeader header) {
    byte[] bytes = new byte[Math.toIntExact(header.dataStart())];
    MemorySegment.copy(file.bytes(), 0, MemorySegment.ofArray(bytes), 0, bytes.length);
    // Within a string of JSON the quotes would be escaped, so this is the key itself.
    String key = "\"" + CHECKSUM + "\":\"";
    int begin = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(key);
    if (begin < 0 || begin + key.length() + DIGITS > bytes.length) {
      throw file.damaged("has no checksum where ventral writes it: the file is damaged");
    }
    ByteBuffer.wrap(bytes, begin + key.length(), DIGITS).put(digits(0));
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return checksum;
  }

  private static byte[] digits(int checksum) {
    return hex(checksum).getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(int checksum) {
    return "%08x".formatted(checksum);
  }
}
