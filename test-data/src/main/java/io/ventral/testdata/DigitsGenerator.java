package io.ventral.testdata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The digits of {@code test-data/digits}: each picture on its own, or all of them as files. */
public final class DigitsGenerator {
  /** The side of a picture in pixels. */
  public static final int SIDE = 28;

  /** The number of classes: the digits 0 to 9. */
  public static final int CLASSES = 10;

  /** Chosen once; any other gives another set of pictures. */
  private static final long SEED = 2003;

  private DigitsGenerator() {}

  /** The two parts of the data; their pictures come from different random numbers. */
  public enum Split {
    /** What a network learns from. */
    TRAIN(0, 200),
    /** What it is judged by. */
    VAL(1, 50);

    private final int stream;
    private final int perClass;

    /** Draws its pictures from a random stream of its own. */
    Split(int stream, int perClass) {
      this.stream = stream;
      this.perClass = perClass;
    }

    /** The number of pictures of each digit. */
    public int perClass() {
      return perClass;
    }

    /** The name of the split's folder. */
    public String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The grey values, row by row, of one picture: white strokes on black. They depend on the three
   * arguments alone, so that a single picture can be drawn again without all the others.
   *
   * <p>How much a picture may vary, here and in {@link Warp}, is set by trial: LeNet-5 is to pass
   * 97 % within three epochs whatever its seed, and the nearest class mean is not. Whoever changes
   * a range measures both again and draws all the pictures anew.
   */
  public static byte[] pixels(Split split, int digit, int index) {
    long group = (SEED * Split.values().length + split.stream) * CLASSES + digit;
    SplitMix64 random = new SplitMix64(group << 20 | index);
    List<Stroke> glyph = Glyphs.choose(digit, random);
    Warp warp = new Warp(random);
    double radius = random.between(1.1, 1.7);
    SmoothField pressure = new SmoothField(4, 0.18, random);
    Rasteriser raster = new Rasteriser();
    for (Stroke stroke : glyph) {
      List<Rasteriser.Dab> dabs = new ArrayList<>();
      for (Point point : stroke.jittered(1.5, random).curve()) {
        Point at = warp.apply(point);
        dabs.add(new Rasteriser.Dab(at, radius * (1 + pressure.at(at))));
      }
      raster.draw(dabs);
    }
    return raster.grey(random.between(0.75, 1), random.between(0, 0.05), random);
  }

  /** The place of a picture below the data's folder. */
  public static Path file(Split split, int digit, int index) {
    String name = String.format(Locale.ROOT, "%04d.png", index);
    return Path.of(split.folder(), Integer.toString(digit), name);
  }

  /**
   * Writes all pictures below the folder named first and, if a second argument names a file, the
   * contact sheet to it.
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("usage: DigitsGenerator OUTDIR [CONTACT_SHEET.png]");
      System.exit(2);
    }
    for (Split split : Split.values()) {
      for (int digit = 0; digit < CLASSES; digit++) {
        for (int index = 0; index < split.perClass(); index++) {
          Path file = Path.of(args[0]).resolve(file(split, digit, index));
          GreyPng.write(file, pixels(split, digit, index), SIDE);
        }
      }
    }
    if (args.length == 2) {
      GreyPng.write(Path.of(args[1]), ContactSheet.pixels(), ContactSheet.WIDTH);
    }
  }
}
