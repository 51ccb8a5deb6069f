package io.ventral.backend.cuda;

/** Which of the three a convolution is. */
enum Direction {
  FORWARD("the convolution"),
  BACKWARD_DATA("the input gradient of"),
  BACKWARD_FILTER("the filter gradient of");

  private final String words;

  Direction(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
