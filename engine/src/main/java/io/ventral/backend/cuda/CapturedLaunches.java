package io.ventral.backend.cuda;

import io.ventral.backend.Launch;
import io.ventral.error.EngineException;
import java.util.List;
import java.util.Optional;

/**
 * Launches that are repeated: done one by one the first time, for libraries may still load what
 * they need; written down the second time; from then on replayed as a whole by one call.
 */
final class CapturedLaunches implements Launch {
  private final OpenGpu gpu;
  private final List<Launch> launches;
  private Optional<Driver.Graph> graph = Optional.empty();
  private boolean warm;

  CapturedLaunches(OpenGpu gpu, List<Launch> launches) {
    this.gpu = gpu;
    this.launches = launches;
  }

  @Override
  public void run() {
    gpu.makeCurrent();
    if (!warm) {
      launches.forEach(Launch::run);
      warm = true;
      return;
    }
    if (graph.isEmpty()) {
      Driver.Graph captured = capture();
      gpu.onClose(() -> gpu.driver().destroy(captured));
      graph = Optional.of(captured);
    }
    gpu.driver().launch(graph.get(), gpu.stream());
  }

  private Driver.Graph capture() {
    gpu.driver().beginCapture(gpu.stream());
    try {
      launches.forEach(Launch::run);
    } catch (EngineException e) {
      gpu.driver().abandonCapture(gpu.stream());
      throw e;
    }
    return gpu.driver().endCapture(gpu.stream());
  }
}
