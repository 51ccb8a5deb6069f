package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the bytes of an image file say before they are decoded. */
final class ImageHeader {
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;

  private ImageHeader() {}

  /**
   * Checks that a JPEG file ends with its end marker: the decoder would fill what is missing with
   * grey.
   *
   * @throws EngineException DATA if it does not, or if there are no bytes at all
   */
  static void requireWhole(byte[] bytes) {
    if (bytes.length == 0) {
      throw EngineException.data("empty file");
    }
    if (!isMarker(bytes, 0, START_OF_IMAGE)) {
      return;
    }
    for (int i = bytes.length - 2; i > 0 && !isMarker(bytes, i, START_OF_SCAN); i--) {
      if (isMarker(bytes, i, END_OF_IMAGE)) {
        return;
      }
    }
    throw EngineException.data("truncated JPEG: no end marker behind the last scan");
  }

  /** Returns a name for what {@code bytes} begin with, for messages. */
  static String describe(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1);
    if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
      return "WebP, which this Java runtime has no reader for";
    }
    if (text.startsWith("ftyp", 4)) {
      return "AVIF or HEIC";
    }
    if (text.stripLeading().startsWith("<")) {
      return "HTML, SVG or XML";
    }
    return "begins with " + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 4));
  }

  private static boolean isMarker(byte[] bytes, int at, int marker) {
    return at + 1 < bytes.length && (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == marker;
  }
}
