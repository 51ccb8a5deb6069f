package io.ventral.data;

/** The order of names by Unicode code points, the same on every system and in every language. */
final class CodePoints {
  private CodePoints() {}

  /**
   * Returns a negative number, 0 or a positive one as {@code a} is before, at or behind {@code b}.
   */
  static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above all others, though their own numbers are not.
        boolean surrogate = Character.isSurrogate(x);
        return surrogate == Character.isSurrogate(y) ? x - y : surrogate ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
