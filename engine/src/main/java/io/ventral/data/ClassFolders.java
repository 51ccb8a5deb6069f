package io.ventral.data;

import io.ventral.error.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Images sorted into folders: {@code train/<class>/…} with {@code val/<class>/…} and perhaps {@code
 * test/<class>/…}, or {@code <class>/…} alone. The class index is the rank of the folder's name in
 * code-point order.
 */
final class ClassFolders {
  private ClassFolders() {}

  /**
   * Returns the splits of {@code root}.
   *
   * @throws EngineException DATA if there are no class folders, only one, or one without an image
   */
  static Splits open(Path root) {
    Optional<ClassTree> train = tree(root, Split.TRAIN);
    Optional<ClassTree> val = tree(root, Split.VAL);
    if (train.isEmpty() && val.isEmpty()) {
      ClassTree bare = ClassTree.in(root);
      Dataset all = bare.dataset(root, classNames(bare));
      return new Splits(
          "class folders", Optional.of(all), Optional.empty(), Optional.empty(), bare.ignored());
    }
    List<String> classNames = classNames(train.or(() -> val).orElseThrow());
    Optional<ClassTree> test =
        isLabelled(root, classNames) ? tree(root, Split.TEST) : Optional.empty();
    return new Splits(
        "class folders",
        train.map(tree -> tree.dataset(root, classNames)),
        val.map(tree -> tree.dataset(root, classNames)),
        test.map(tree -> tree.dataset(root, classNames)),
        ignored(train) + ignored(val) + ignored(test) + ignoredElsewhere(root, test));
  }

  private static Optional<ClassTree> tree(Path root, Split split) {
    Path folder = root.resolve(split.toString());
    return Files.isDirectory(folder) ? Optional.of(ClassTree.in(folder)) : Optional.empty();
  }

  private static List<String> classNames(ClassTree tree) {
    List<String> names = tree.classNames();
    if (names.isEmpty()) {
      throw EngineException.data(
          "%s: no class folder inside (%d files); %s fit"
              .formatted(tree.folder(), tree.ignored(), DataSource.FORMATS));
    }
    if (names.size() == 1) {
      throw EngineException.data(
          "%s: only one class folder, '%s'; at least two classes are needed"
              .formatted(tree.folder(), names.getFirst()));
    }
    return names;
  }

  /** Test images often come without labels, in one folder: those are no part of ours. */
  private static boolean isLabelled(Path root, List<String> classNames) {
    Path folder = root.resolve(Split.TEST.toString());
    if (!Files.isDirectory(folder)) {
      return false;
    }
    List<String> folders =
        ImageFiles.entries(folder).stream()
            .filter(entry -> Files.isDirectory(entry) && !ImageFiles.isHidden(entry.getFileName()))
            .map(ImageFiles::fileName)
            .toList();
    return !folders.isEmpty() && classNames.containsAll(folders);
  }

  private static int ignored(Optional<ClassTree> tree) {
    return tree.map(ClassTree::ignored).orElse(0);
  }

  private static int ignoredElsewhere(Path root, Optional<ClassTree> test) {
    int ignored = 0;
    for (Path entry : ImageFiles.entries(root)) {
      String name = ImageFiles.fileName(entry);
      boolean read =
          name.equals("train") || name.equals("val") || (name.equals("test") && test.isPresent());
      ignored += read ? 0 : ImageFiles.count(entry);
    }
    return ignored;
  }
}
