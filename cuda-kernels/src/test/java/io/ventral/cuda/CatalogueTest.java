package io.ventral.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The catalogue in README.md names every kernel there is, and no other, with its parameters. */
class CatalogueTest {
  @Test
  void kernelsAreWhatTheCatalogueSays() throws IOException {
    SortedMap<String, SortedMap<String, String>> found = new TreeMap<>();
    PtxFile.all().forEach(file -> found.put(file.name(), file.kernels()));
    SortedMap<String, SortedMap<String, String>> promised = Catalogue.read(Path.of("README.md"));
    assertEquals(promised.keySet(), found.keySet());
    promised.forEach((family, kernels) -> assertEquals(kernels, found.get(family), family));
  }
}
