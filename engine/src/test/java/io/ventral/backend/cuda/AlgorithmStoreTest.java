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

  private AlgorithmStore store(String circumstances) {
    return new AlgorithmStore(Optional.of(folder.resolve("new/a.tsv")), circumstances);
  }

  @Test
  void anotherProcessFindsWhatWasMeasuredUnderTheSameCircumstances() {
    store("GPU A").put("conv1", FIRST);
    store("GPU A").put("conv1", SECOND);
    assertEquals(Optional.of(SECOND), store("GPU A").get("conv1"));
    assertEquals(Optional.empty(), store("GPU A").get("conv2"));
    assertEquals(Optional.empty(), store("GPU B").get("conv1"));
  }

  @Test
  void damagedLinesAreMeasuredAgain() throws IOException {
    store("GPU").put("conv1", FIRST);
    Files.writeString(folder.resolve("new/a.tsv"), "GPU\tconv1\tnonsense\nGPU\tconv2\t1 math");
    assertEquals(Optional.empty(), store("GPU").get("conv1"));
  }

  @Test
  void choicesOfACheckpointComeBeforeWhatTheFileSays() {
    AlgorithmStore made = new AlgorithmStore(Optional.empty(), "GPU");
    made.put("conv1", FIRST);
    List<String> choices = made.choices();
    store("GPU").put("conv1", SECOND);
    AlgorithmStore resumed = store("GPU");
    resumed.adopt(choices);
    assertEquals(Optional.of(FIRST), resumed.get("conv1"));
    assertEquals(choices, resumed.choices());
    AlgorithmStore elsewhere = new AlgorithmStore(Optional.empty(), "another GPU");
    elsewhere.adopt(choices);
    assertEquals(Optional.empty(), elsewhere.get("conv1"));
  }
}
