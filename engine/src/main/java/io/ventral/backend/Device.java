package io.ventral.backend;

import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.OptionalLong;

/**
 * One device: binds operations to kernels and owns memory. Work is done in the order it is
 * launched. Opening a device takes no memory on it; closing it frees all it gave out.
 */
public interface Device extends AutoCloseable {
  DeviceId id();

  /** Returns the bytes that a value of {@code type} takes in this device's memory. */
  long bytes(TensorType type);

  /**
   * Returns the kernel for {@code op}, chosen by one exhaustive switch.
   *
   * @throws io.ventral.error.EngineException UNSUPPORTED if this device cannot compute it, with the
   *     reason
   */
  Kernel bind(Op op, List<TensorType> inputs, List<TensorType> outputs);

  /**
   * Returns {@code bytes} bytes of memory, not cleared.
   *
   * @param what the purpose, named in the error
   * @throws io.ventral.error.EngineException RESOURCE if there is not enough, with the figures
   */
  Memory allocate(String what, long bytes);

  /** Returns the bytes that are free now; empty where memory is not the device's own. */
  default OptionalLong freeBytes() {
    return OptionalLong.empty();
  }

  /**
   * Runs {@code launches}, a run of launches on this device, where the device wants them: on the
   * calling thread, or on one of its own.
   */
  default void run(Runnable launches) {
    launches.run();
  }

  /**
   * Returns {@code launches}, a whole run of launches on this device, as one that is repeated step
   * after step: a device may write them down at first and replay them afterwards.
   */
  default Launch together(List<Launch> launches) {
    Runnable all = Launch.inOrder(launches.toArray(Launch[]::new))::run;
    return () -> run(all);
  }

  /** Returns when all launched work is done, which it is already where launching is computing. */
  default void finish() {}

  /**
   * Copies elements of {@code source}, from memory index {@code first} on, so as to fill a region.
   */
  void upload(HostTensor source, long first, Region target);

  /**
   * Copies a region to {@code target} from memory index {@code first} on, after all launched work.
   */
  void download(Region source, HostTensor target, long first);

  /** Returns the bytes of this device's memory in which inputs of such types await their run. */
  default long intakeBytes(List<TensorType> inputs) {
    return 0;
  }

  /**
   * Returns where inputs are handed in that a run finds in these regions.
   *
   * @param waiting memory of {@link #intakeBytes} or more; all intakes of a device share it
   */
  default Intake intake(List<Region> inputs, Region waiting) {
    return new DirectIntake(this, inputs);
  }

  /**
   * Returns the way of a region to {@code target}, from memory index {@code first} on, that a
   * caller can take without waiting for the work launched.
   */
  default Readout readout(Region source, HostTensor target, long first) {
    return new DirectReadout(this, source, target, first);
  }

  /** Overwrites a region with NaN, so that a test sees what a kernel fails to write. */
  void poison(Region region);

  /**
   * Returns what this device has chosen by measuring, in lines that {@link #adopt} understands, so
   * that a run that goes on elsewhere or later computes with the same algorithms.
   */
  default List<String> choices() {
    return List.of();
  }

  /** Prefers what such lines say, where they fit this device, to measuring again. */
  default void adopt(List<String> choices) {}

  /** Frees everything; closing again does nothing. */
  @Override
  void close();
}
