package io.ventral.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlgorithmStoreTest {
  private static final Algorithm FIRST = new Algorithm(1, 3, 4096);
  private static final Algorithm SECOND = new Algorithm(6, 1, 0);

  @TempDir Path folder;

  private AlgorithmStore store() {
    return new AlgorithmStore(Optional.of(folder.resolve("new/a.tsv")));
  }

  @Test
  void anotherProcessFindsWhatWasMeasuredUnderTheSameCircumstances() {
    store().put("GPU A", "conv1", FIRST);
    store().put("GPU A", "conv1", SECOND);
    assertEquals(Optional.of(SECOND), store().get("GPU A", "conv1"));
    assertEquals(Optional.empty(), store().get("GPU A", "conv2"));
    assertEquals(Optional.empty(), store().get("GPU B", "conv1"));
  }

  @Test
  void damagedLinesAreMeasuredAgain() throws IOException {
    store().put("GPU", "conv1", FIRST);
    Files.writeString(folder.resolve("new/a.tsv"), "GPU\tconv1\tnonsense\nGPU\tconv2\t1 math");
    assertEquals(Optional.empty(), store().get("GPU", "conv1"));
  }

  @Test
  void choicesOfACheckpointComeBeforeWhatTheFileSays() {
    AlgorithmStore made = new AlgorithmStore(Optional.empty());
    made.put("GPU", "conv1", FIRST);
    List<String> choices = made.choices();
    store().put("GPU", "conv1", SECOND);
    AlgorithmStore resumed = store();
    resumed.adopt(choices);
    assertEquals(Optional.of(FIRST), resumed.get("GPU", "conv1"));
    assertEquals(Optional.empty(), resumed.get("another GPU", "conv1"));
    assertEquals(choices, resumed.choices());
  }
}
