package io.ventral.io;

import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the header of a {@code .npy} file says: magic, version, length and a Python dictionary such
 * as {@code {'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }}. The dictionary is matched
 * as text, never evaluated.
 *
 * @param columnMajor whether the first axis is the fastest one
 * @param dataStart byte of the file at which the elements begin
 */
record NpyHeader(TensorType type, ByteOrder byteOrder, boolean columnMajor, long dataStart) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int LONGEST_DICTIONARY = 100_000;
  private static final Pattern ITEM =
      Pattern.compile(
          "\\G\\s*'(descr|fortran_order|shape)'\\s*:"
              + "\\s*('[^']*'|True|False|\\([0-9, ]*\\))\\s*(?:,|(?=}))");
  private static final Pattern SHAPE =
      Pattern.compile("\\((?:|[0-9]{1,18},|[0-9]{1,18}(?:, *[0-9]{1,18})+,?)\\)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  static NpyHeader read(InputFile file) {
    int lengthBytes = version(file) == 1 ? 2 : 4;
    int start = MAGIC.length + 2 + lengthBytes;
    long length = 0;
    for (long i = Math.min(start, file.size()) - 1; i >= MAGIC.length + 2; i--) {
      length = length * 256 + Byte.toUnsignedInt(file.bytes().get(ValueLayout.JAVA_BYTE, i));
    }
    if (length > Math.min(LONGEST_DICTIONARY, file.size() - start)) {
      throw file.damaged(
          "says its header is %,d bytes long, in a file of %,d bytes", length, file.size());
    }
    byte[] text = file.bytes().asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    return parse(file, new String(text, StandardCharsets.UTF_8).strip(), start + length);
  }

  /** Returns the distance between neighbours of each axis in the file, in elements. */
  long[] fileStrides() {
    if (!columnMajor) {
      return type.shape().rowMajorStrides();
    }
    long[] strides = new long[type.rank()];
    long step = 1;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = step;
      step *= type.extent(axis);
    }
    return strides;
  }

  private static int version(InputFile file) {
    MemorySegment bytes = file.bytes();
    if (file.size() < MAGIC.length + 2
        || !Arrays.equals(bytes.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE), MAGIC)) {
      throw file.damaged("does not begin as a .npy file does");
    }
    int version = bytes.get(ValueLayout.JAVA_BYTE, MAGIC.length);
    if (version < 1 || version > 3) {
      throw file.damaged("is a .npy file of version %d; 1 to 3 can be read", version);
    }
    return version;
  }

  private static NpyHeader parse(InputFile file, String text, long dataStart) {
    Map<String, String> items = items(file, text);
    String descr = items.get("descr");
    DType dtype = dtype(file, descr.substring(1, descr.length() - 1));
    TensorType type = file.type("the array", dtype, extents(file, items.get("shape")));
    ByteOrder order = descr.charAt(1) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(type, order, items.get("fortran_order").equals("True"), dataStart);
  }

  private static Map<String, String> items(InputFile file, String text) {
    Map<String, String> items = new HashMap<>();
    int end = 1;
    boolean valid = text.startsWith("{");
    Matcher matcher = ITEM.matcher(text);
    while (valid && matcher.find(end)) {
      valid = items.put(matcher.group(1), matcher.group(2)) == null;
      end = matcher.end();
    }
    boolean wellFormed =
        valid
            && text.substring(end).strip().equals("}")
            && items.getOrDefault("descr", "").startsWith("'")
            && List.of("True", "False").contains(items.getOrDefault("fortran_order", ""))
            && SHAPE.matcher(items.getOrDefault("shape", "")).matches();
    if (!wellFormed) {
      throw file.damaged(
          "has the header %s; descr (a plain number format), fortran_order and shape were expected",
          text);
    }
    return items;
  }

  private static List<Long> extents(InputFile file, String shape) {
    List<Long> extents =
        NUMBER.matcher(shape).results().map(match -> Long.valueOf(match.group())).toList();
    if (extents.size() > 64) {
      throw file.damaged("has %d axes; 64 is the most", extents.size());
    }
    return extents;
  }

  private static DType dtype(InputFile file, String descr) {
    return switch (descr) {
      case "<f8", ">f8", "=f8" -> DType.FLOAT64;
      case "<f4", ">f4", "=f4" -> DType.FLOAT32;
      case "<f2", ">f2", "=f2" -> DType.FLOAT16;
      case "<i8", ">i8", "=i8" -> DType.INT64;
      case "<i4", ">i4", "=i4" -> DType.INT32;
      case "|u1", "|b1" -> DType.UINT8;
      default ->
          throw file.damaged(
              "holds elements of type %s; f8, f4, f2, i8, i4, u1 and b1 can be read", descr);
    };
  }
}
