package io.ventral.io;

import io.ventral.error.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of itself: eight bytes with the length of a JSON object, then that
 * object. Checked so that every entry lies inside the data part and the data part is covered
 * exactly once.
 *
 * @param entries by name, in the order of the header
 * @param dataStart byte of the file at which the data part begins
 */
record SafetensorsHeader(
    Map<String, String> metadata, Map<String, SafetensorsEntry> entries, long dataStart) {
  static final String METADATA = "__metadata__";
  static final int LENGTH_BYTES = 8;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int PICKLE = 0x80;
  private static final int MOST_PICKLE_PROTOCOL = 5;
  private static final long MOST_HEADER_BYTES = 100_000_000;

  static SafetensorsHeader read(InputFile file) {
    long length = headerLength(file);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    String json = text(file, file.bytes().asSlice(LENGTH_BYTES, length));
    new SafetensorsHeaderParser(file, metadata, entries).parse(json);
    SafetensorsHeader header = new SafetensorsHeader(metadata, entries, LENGTH_BYTES + length);
    header.checkBytes(file);
    header.checkCoverage(file);
    return header;
  }

  private static long headerLength(InputFile file) {
    if (file.size() < LENGTH_BYTES) {
      throw file.damaged(
          "is %,d bytes long; a safetensors file begins with %d bytes of header length",
          file.size(), LENGTH_BYTES);
    }
    long length = file.bytes().get(LENGTH, 0);
    long most = Math.min(MOST_HEADER_BYTES, file.size() - LENGTH_BYTES);
    if (length < 0 || length > most) {
      refusePyTorch(file);
      throw file.damaged(
          "says its header is %s bytes long; at most %,d are possible in a file of %,d bytes",
          Long.toUnsignedString(length), most, file.size());
    }
    return length;
  }

  /**
   * PyTorch's files are zip archives with a pickle inside, or of old a pickle alone; as the length
   * of a header either beginning is far too large.
   */
  private static void refusePyTorch(InputFile file) {
    int first = file.bytes().get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
    int second = file.bytes().get(ValueLayout.JAVA_BYTE, 1) & 0xFF;
    if ((first == 'P' && second == 'K') || (first == PICKLE && second <= MOST_PICKLE_PROTOCOL)) {
      throw EngineException.unsupported(
          file.path()
              + " is a PyTorch file (.pth, .pt); this version reads .safetensors: in Python"
              + " safetensors.torch.save_file(torch.load(FILE, weights_only=True), NEW_FILE)");
    }
  }

  private static String text(InputFile file, MemorySegment bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw file.damaged("the header is not UTF-8; a safetensors header is a JSON object");
    }
  }

  private void checkBytes(InputFile file) {
    for (SafetensorsEntry entry : entries.values()) {
      if (entry.knownDType().isPresent()) {
        long wanted =
            file.byteCount("tensor " + entry.name(), entry.knownDType().get(), entry.shape());
        if (entry.bytes() != wanted) {
          throw file.damaged(
              "tensor %s of type %s%s has data offsets %d to %d, %,d bytes; %,d were expected",
              entry.name(),
              entry.dtype(),
              entry.shape(),
              entry.begin(),
              entry.end(),
              entry.bytes(),
              wanted);
        }
      }
    }
  }

  private void checkCoverage(InputFile file) {
    List<SafetensorsEntry> inFileOrder =
        entries.values().stream()
            .sorted(
                Comparator.comparingLong(SafetensorsEntry::begin)
                    .thenComparingLong(SafetensorsEntry::end))
            .toList();
    long end = 0;
    for (SafetensorsEntry entry : inFileOrder) {
      if (entry.begin() != end) {
        throw file.damaged(
            "tensor %s begins at data byte %,d; the tensor before it ends at %,d",
            entry.name(), entry.begin(), end);
      }
      end = entry.end();
    }
    if (end != file.size() - dataStart) {
      throw file.damaged(
          "holds %,d bytes of data; its header describes %,d", file.size() - dataStart, end);
    }
  }
}
