package io.ventral.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The flags that say which labelled images are read; null is not given. */
final class DataFlags {
  @Option(
      names = {"--data-path", "--data-dir"},
      paramLabel = "DATA",
      description = "Folder of images or of IDX or CIFAR files, recognised by its contents.")
  Path dataPath;

  @Option(
      names = "--val-split",
      paramLabel = "SHARE",
      description =
          "Share of the training images to validate with, if the data has none (0.1 in training,"
              + " else 0).")
  Double valSplit;

  @Option(
      names = "--labels",
      paramLabel = "FILE.csv",
      description = "Lines 'file,class' for a flat folder of images.")
  Path labels;

  @Option(
      names = "--limit-val",
      paramLabel = "N",
      description = "Validate with N evenly spaced images (default: all).")
  Integer limitVal;

  @Option(
      names = "--bad-images",
      paramLabel = "fail|skip",
      description = "What to do about unreadable images (default: fail).")
  String badImages;
}
