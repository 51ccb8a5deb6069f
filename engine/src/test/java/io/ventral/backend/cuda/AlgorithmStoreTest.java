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
  private static final Choice FIRST = Choice.of(new Algorithm(1, 3, 4096));
  private static final Choice SECOND = Choice.of(new Algorithm(6, 1, 0));
  private static final Choice NONE = new Choice(Optional.empty());

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
  void thatThereIsNoneIsKnownToo() {
    store().put("GPU", "conv1", FIRST);
    store().put("GPU", "conv1", NONE);
    AlgorithmStore read = store();
    assertEquals(Optional.of(NONE), read.get("GPU", "conv1"));
    AlgorithmStore resumed = new AlgorithmStore(Optional.empty());
    resumed.adopt(read.choices());
    assertEquals(Optional.of(NONE), resumed.get("GPU", "conv1"));
  }

  /** Files and checkpoints are read by other versions. */
  @Test
  void linesKeepTheirForm() throws IOException {
    Files.createDirectory(folder.resolve("new"));
    Files.writeString(
        folder.resolve("new/a.tsv"), "GPU\tconv1\t1 math 3 4096 B\nGPU\tconv2\tnone\n");
    AlgorithmStore read = store();
    assertEquals(Optional.of(FIRST), read.get("GPU", "conv1"));
    assertEquals(Optional.of(NONE), read.get("GPU", "conv2"));
    assertEquals(List.of("GPU\tconv1\t1 math 3 4096 B", "GPU\tconv2\tnone"), read.choices());
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
