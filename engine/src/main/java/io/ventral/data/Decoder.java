package io.ventral.data;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Image files to pixels: JPEG, PNG, BMP, TIFF and the first frame of a GIF, whatever the file is
 * called. Colour profiles and the orientation that a camera notes are not applied, alpha is
 * dropped.
 */
public final class Decoder {
  /** More would be an attack or a mistake: 300 MB as RGB. */
  private static final long MAX_PIXELS = 100_000_000;

  private static final long MAX_FILE_BYTES = 1L << 30;

  private Decoder() {}

  /**
   * Returns the image in {@code file}.
   *
   * @throws EngineException DATA, naming the file and the reason, if it cannot be read; RESOURCE if
   *     memory does not suffice
   */
  public static RawImage read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw EngineException.data(Files.size(file) + " bytes; at most " + MAX_FILE_BYTES + " fit");
      }
      return decode(Files.readAllBytes(file));
    } catch (EngineException e) {
      throw e.in(file.toString());
    } catch (NoSuchFileException e) {
      throw EngineException.data(file + ": no such file");
    } catch (IOException e) {
      throw EngineException.data(file + ": cannot be read: " + reason(e));
    }
  }

  /**
   * Returns the image whose file consists of {@code bytes}.
   *
   * @throws EngineException as {@link #read}, without the file's name
   */
  public static RawImage decode(byte[] bytes) {
    ImageHeader.requireWhole(bytes);
    // A stream of our own, as ImageIO's would go through a file on disk.
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = reader(in, bytes);
      try {
        reader.setInput(in, true, true);
        requireSize(reader.getWidth(0), reader.getHeight(0));
        return RasterPixels.of(reader.read(0, withoutProfile(reader)));
      } finally {
        reader.dispose();
      }
    } catch (EngineException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // ImageIO's readers throw almost any unchecked exception on damaged files.
      throw new EngineException(ErrorKind.DATA, "damaged image: " + reason(e), e);
    } catch (OutOfMemoryError e) {
      throw new EngineException(ErrorKind.RESOURCE, "not enough memory to decode the image", e);
    }
  }

  private static ImageReader reader(ImageInputStream in, byte[] bytes) {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw EngineException.data(
          "not an image that can be read (%s); JPEG, PNG, BMP, GIF and TIFF fit"
              .formatted(ImageHeader.describe(bytes)));
    }
    return readers.next();
  }

  private static void requireSize(int width, int height) {
    if ((long) width * height > MAX_PIXELS) {
      throw EngineException.data(
          "%dx%d pixels; at most %d fit".formatted(height, width, MAX_PIXELS));
    }
  }

  /** Naming the bands keeps the JPEG reader from converting through an embedded colour profile. */
  private static ImageReadParam withoutProfile(ImageReader reader) throws IOException {
    ImageReadParam param = reader.getDefaultReadParam();
    if (reader.getFormatName().equalsIgnoreCase("jpeg")) {
      var types = reader.getImageTypes(0);
      if (!types.hasNext()) {
        throw new IIOException("unknown colours");
      }
      int[] bands = IntStream.range(0, types.next().getNumBands()).toArray();
      param.setSourceBands(bands);
      param.setDestinationBands(bands);
    }
    return param;
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
