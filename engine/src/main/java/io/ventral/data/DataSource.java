package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a data set comes from: a folder whose format is recognised by its contents. */
public final class DataSource {
  static final String FORMATS =
      "train/<class>/… with val/<class>/…, <class>/…, a folder of images with a labels file, the"
          + " four IDX files and CIFAR binary batches";

  private DataSource() {}

  /**
   * Returns the splits found in {@code root}.
   *
   * @throws EngineException USER if there is no such folder, DATA if its contents do not fit
   */
  public static Splits open(Path root, DataOptions options) {
    requireFolder(root);
    return recognise(root, options.labels())
        .withValFromTrain(options.valSplit())
        .limited(options.limitTrain(), options.limitVal());
  }

  private static Splits recognise(Path root, Optional<Path> labels) {
    if (labels.isPresent()) {
      return LabelledFolder.open(root, labels.get());
    }
    if (IdxFolder.isIn(root)) {
      return IdxFolder.open(root);
    }
    Optional<CifarFormat> cifar = CifarFormat.of(root);
    if (cifar.isPresent()) {
      return CifarFolder.open(root, cifar.get());
    }
    return ClassFolders.open(root);
  }

  private static void requireFolder(Path root) {
    if (Files.notExists(root)) {
      throw EngineException.user(root + ": no such folder; " + FORMATS + " fit");
    }
    if (!Files.isDirectory(root)) {
      throw EngineException.user(root + ": a file, not a folder; " + FORMATS + " fit");
    }
    if (ImageFiles.entries(root).isEmpty()) {
      throw EngineException.data(root + ": empty folder; " + FORMATS + " fit");
    }
  }
}
