package io.ventral.testdata;

import java.util.Arrays;
import java.util.List;

/**
 * The ways in which people write each digit, as strokes of a pen. Drawn by us point by point: a
 * font would differ between machines and bring a licence.
 *
 * <p>A stroke is a list of points "x y" in percent of the digit's square, y downwards; a smooth
 * curve runs through them, and "!" marks a point at which the pen turns sharply.
 */
final class Glyphs {
  private static final String[][][] VARIANTS = {
    { // 0: round, narrow and slanted, started inside and closed with an overlap
      {"50 5, 26 18, 15 50, 26 82, 50 95, 74 82, 85 50, 74 18, 48 5"},
      {"60 5, 38 18, 25 50, 30 84, 49 95, 68 80, 77 46, 73 15, 57 5"},
      {"50 14, 26 26, 18 58, 34 91, 60 92, 81 66, 80 30, 62 8, 36 10"},
    },
    { // 1: upright, slanted, with a flag, with a flag and a foot
      {"51 4, 50 50, 49 96"},
      {"63 4, 50 50, 38 96"},
      {"38 22, 47 15, 55 4!, 53 50, 52 96"},
      {"36 22, 45 15, 53 4!, 52 50, 52 95", "30 95, 52 95, 74 94"},
    },
    { // 2: with a sharp foot, with a loop, with a swan's neck and a straight foot
      {"20 28, 30 9, 52 4, 74 15, 73 38, 52 64, 19 94!, 50 92, 84 94"},
      {"22 24, 36 7, 60 7, 74 25, 66 50, 44 78, 25 92, 15 84, 27 75, 48 86, 68 95, 88 86"},
      {"24 18, 48 7, 72 15, 68 38, 47 64, 20 92!, 84 90"},
    },
    { // 3: round, with a flat top, with a small loop at the waist
      {"21 16, 44 4, 70 12, 70 34, 44 46!, 72 55, 81 75, 62 94, 36 95, 16 82"},
      {"22 8, 50 8, 76 7!, 46 41!, 72 50, 81 72, 62 94, 36 96, 16 84"},
      {"24 12, 50 4, 73 16, 64 37, 42 47, 44 52, 68 52, 82 70, 68 91, 42 97, 18 88"},
    },
    { // 4: open, open and round, closed
      {"29 6, 25 30, 19 55!, 50 55, 84 51", "71 10, 68 50, 64 96"},
      {"26 8, 19 36, 28 53, 50 54, 74 44", "77 6, 71 46, 63 96"},
      {"63 4, 38 33, 13 65!, 50 65, 88 63", "63 4, 63 50, 61 96"},
    },
    { // 5: belly first and the roof last, in one stroke, like an S
      {"29 8, 27 26, 23 46!, 48 38, 73 49, 80 71, 61 93, 35 96, 16 85", "29 8, 54 8, 81 6"},
      {"81 6, 55 7, 31 9!, 28 26, 25 45!, 51 39, 74 51, 78 74, 56 94, 20 91"},
      {"79 8, 52 8, 33 18, 34 38, 60 50, 76 68, 62 91, 38 96, 18 86"},
    },
    { // 6: curved, with a straight back, with a curled top
      {"66 5, 40 24, 24 54, 24 80, 45 96, 69 88, 75 68, 58 52, 38 58, 25 76"},
      {"58 3, 38 34, 25 66, 32 90, 54 96, 75 82, 71 62, 50 56, 29 70"},
      {"76 14, 58 5, 36 22, 22 54, 26 84, 48 96, 72 86, 76 66, 56 53, 34 62, 25 76"},
    },
    { // 7: plain, with a bar, with a serif, with a round shoulder
      {"16 10, 50 10, 82 8!, 62 48, 44 96"},
      {"18 10, 50 10, 80 8!, 60 50, 46 96", "34 51, 54 50, 76 48"},
      {"17 26, 19 10!, 50 10, 81 8!, 58 50, 47 96"},
      {"16 14, 48 6, 78 12, 70 38, 53 64, 45 96"},
    },
    { // 8: in one crossing stroke, as two rings, left open at the top
      {"72 16, 50 5, 29 18, 35 37, 60 54, 76 74, 60 94, 38 94, 24 76, 42 53, 65 38, 73 20"},
      {
        "50 4, 30 13, 31 36, 50 46, 69 36, 70 13, 48 4",
        "50 46, 27 58, 25 83, 50 96, 75 83, 73 58, 48 46"
      },
      {"75 12, 50 6, 30 20, 40 40, 66 60, 71 84, 48 96, 27 84, 36 60, 62 40, 80 20"},
    },
    { // 9: with a straight leg, with a hooked leg, with a slanted leg
      {"74 22, 56 5, 31 13, 24 36, 42 50, 66 42, 75 20!, 73 56, 67 96"},
      {"75 22, 55 5, 30 14, 25 36, 43 50, 66 42, 77 18!, 79 54, 68 84, 46 96, 24 88"},
      {"70 12, 46 6, 25 23, 31 45, 54 47, 74 22!, 68 58, 52 96"},
    },
  };

  private Glyphs() {}

  /** The strokes of one of the digit's variants, each as likely as the others. */
  static List<Stroke> choose(int digit, SplitMix64 random) {
    String[][] variants = VARIANTS[digit];
    return Arrays.stream(variants[random.below(variants.length)]).map(Stroke::parse).toList();
  }
}
