package io.ventral.data;

import io.ventral.error.EngineException;
import java.util.List;

/** Another data set, with the class indices of a network in place of its own. */
public final class MatchedClasses implements Dataset {
  private final Dataset dataset;
  private final List<String> classNames;
  private final int[] indices;

  private MatchedClasses(Dataset dataset, List<String> classNames, int[] indices) {
    this.dataset = dataset;
    this.classNames = List.copyOf(classNames);
    this.indices = indices;
  }

  /**
   * Returns {@code dataset} with labels that count in {@code classNames}, matched by name; it may
   * have some of these classes only.
   *
   * @throws EngineException DATA if it has a class that is none of them
   */
  public static Dataset byName(Dataset dataset, List<String> classNames) {
    int[] indices =
        dataset.classNames().stream().mapToInt(name -> index(name, classNames)).toArray();
    return new MatchedClasses(dataset, classNames, indices);
  }

  private static int index(String name, List<String> classNames) {
    int index = classNames.indexOf(name);
    if (index < 0) {
      throw EngineException.data(
          "class '%s' of the data is none of the network's %d classes, '%s' to '%s'"
              .formatted(name, classNames.size(), classNames.getFirst(), classNames.getLast()));
    }
    return index;
  }

  @Override
  public int size() {
    return dataset.size();
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int item) {
    return indices[dataset.label(item)];
  }

  @Override
  public String name(int item) {
    return dataset.name(item);
  }

  @Override
  public RawImage image(int item) {
    return dataset.image(item);
  }
}
