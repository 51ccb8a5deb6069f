package io.ventral.cli;

import io.ventral.error.EngineException;
import io.ventral.train.Checkpoint;
import io.ventral.train.CheckpointInfo;
import io.ventral.train.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the checkpoint to go on from.
 *
 * @param resume a file, a folder, {@code auto}, or null for none
 * @param outputDir where {@code auto} looks
 */
record ResumePoint(String resume, Path outputDir) {
  /**
   * Returns the checkpoint, opened, or empty for a fresh start.
   *
   * @throws EngineException USER if a named one is not there, DATA if it is damaged
   */
  Optional<Checkpoint> find() {
    if (resume == null) {
      return Optional.empty();
    }
    if (resume.equals("auto")) {
      if (outputDir == null) {
        throw EngineException.user("--resume auto needs --output-dir to look in");
      }
      return newest(outputDir);
    }
    Path path = Path.of(resume);
    if (Files.isDirectory(path)) {
      return Optional.of(
          newest(path)
              .orElseThrow(
                  () -> EngineException.user(path + ": holds no checkpoint of a training run")));
    }
    return Optional.of(Checkpoint.open(path));
  }

  /** A damaged or foreign file is passed over for the next older one. */
  private static Optional<Checkpoint> newest(Path folder) {
    for (Path file : RunDirectory.checkpoints(folder)) {
      try {
        Checkpoint checkpoint = Checkpoint.open(file);
        if (checkpoint.info().flatMap(CheckpointInfo::training).isPresent()) {
          return Optional.of(checkpoint);
        }
        checkpoint.close();
      } catch (EngineException e) {
        System.err.println("passed over " + e.getMessage());
      }
    }
    return Optional.empty();
  }
}
