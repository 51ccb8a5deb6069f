package io.ventral.train;

import io.ventral.backend.Device;
import io.ventral.data.Batch;
import io.ventral.data.BatchPlan;
import io.ventral.network.ParameterSpec;
import io.ventral.run.Compiler;
import io.ventral.run.Devices;
import io.ventral.run.Executable;
import io.ventral.run.Feeds;
import io.ventral.run.Fetches;
import io.ventral.run.Pending;
import io.ventral.run.Session;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compiled programs of a job over one set of states: a step for full batches, one for the last
 * of an epoch, and evaluation.
 */
final class TrainingSession implements AutoCloseable {
  private final Map<Integer, Executable> steps = new HashMap<>();
  private final List<Device> devices;
  private final Executable evaluation;
  private final List<ParameterSpec> parameters;
  private final Session session;
  private final boolean isScaled;
  private final HostTensor normalizer;
  private final HostTensor rate;
  private final HostTensor step;

  private TrainingSession(TrainingJob job, List<Device> devices) {
    this.devices = devices;
    Compiler compiler = new Compiler(devices, job.machine().precision());
    BatchPlan plan = new BatchPlan(job.data().train().size(), job.globalBatch());
    ImageInput images = ImageInput.of(job.data().preprocessing());
    List<ParameterSpec> specs = List.of();
    for (int batch : List.of(plan.count(0), plan.count(plan.batches() - 1))) {
      if (!steps.containsKey(batch)) {
        TrainingProgram program =
            TrainingProgram.build(job.network(), batch, images, job.programOptions());
        specs = program.parameters();
        steps.put(batch, compiler.compile(program.graph()));
      }
    }
    parameters = specs;
    DType dtype = job.machine().precision().stored();
    evaluation =
        compiler.compile(
            EvaluationProgram.build(job.network(), job.globalBatch(), images, dtype).graph());
    List<Executable> all = new ArrayList<>(steps.values());
    all.add(evaluation);
    session = Session.open(devices, all);
    isScaled = job.programOptions().lossScaling().isPresent();
    normalizer = HostTensor.scalar(dtype, 1);
    rate = HostTensor.scalar(dtype, 0);
    step = HostTensor.scalar(DType.INT64, 0);
  }

  /**
   * Returns the session of a job; its states are not set yet.
   *
   * @param choices of devices in an earlier part of the run
   * @throws io.ventral.error.EngineException what opening devices, building or allocating can give
   */
  static TrainingSession open(TrainingJob job, List<String> choices) {
    List<Device> devices = Devices.open(job.machine().mesh(), job.machine().devices());
    try {
      devices.forEach(device -> device.adopt(choices));
      return new TrainingSession(job, devices);
    } catch (RuntimeException e) {
      devices.forEach(Device::close);
      throw e;
    }
  }

  /**
   * Launches one step and returns its outputs to come; {@code images} is the sum of the batch's
   * weights.
   */
  Pending step(Batch batch, double images, double learningRate, long globalStep) {
    return session.launch(executable(batch), feeds(batch, images, learningRate, globalStep));
  }

  /** Returns whether a step that is not finite was skipped as one whose loss was scaled too far. */
  boolean skipped(Fetches step) {
    return isScaled && LossScaling.skipped(step);
  }

  /** Makes the same step again and shows every result. */
  void trace(
      Batch batch, double images, double learningRate, long globalStep, Session.Observer observer) {
    session.trace(executable(batch), feeds(batch, images, learningRate, globalStep), observer);
  }

  private Executable executable(Batch batch) {
    return steps.get(batch.labels().type().extent(0));
  }

  private Feeds feeds(Batch batch, double images, double learningRate, long globalStep) {
    normalizer.set(0, 1 / images);
    rate.set(0, learningRate);
    step.set(0, (double) globalStep);
    return new Feeds()
        .with(Names.INPUT, batch.input())
        .with(Names.LABELS, batch.labels())
        .with(Names.WEIGHTS, batch.weights())
        .with(Names.NORMALIZER, normalizer)
        .with(Names.RATE, rate)
        .with(Names.STEP, step);
  }

  /** Returns what the devices chose by measuring. */
  List<String> choices() {
    return devices.stream().flatMap(device -> device.choices().stream()).distinct().toList();
  }

  Evaluator evaluator() {
    return new Evaluator(session, evaluation);
  }

  Session session() {
    return session;
  }

  List<ParameterSpec> parameters() {
    return parameters;
  }

  @Override
  public void close() {
    session.close();
    normalizer.close();
    rate.close();
    step.close();
  }
}
