package io.ventral.testing;

import io.ventral.graph.GraphBuilder;
import io.ventral.graph.StateRole;
import io.ventral.op.OptimizerStep;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** An optimizer over parameters held in states, step by step on the reference device. */
public final class OptimizerRun implements AutoCloseable {
  private final ReferenceRun run;

  /**
   * Begins with slots and the count of steps at zero.
   *
   * @param parameters as many as the step has segments
   */
  public OptimizerRun(OptimizerStep step, double[]... parameters) {
    GraphBuilder builder = new GraphBuilder("optimizer").at("step");
    Value applied = builder.state("applied", new StateRole.Counter(), TensorType.of(DType.INT64));
    List<Value> operands = new ArrayList<>();
    operands.add(builder.input("rate", TensorType.of(DType.FLOAT64)));
    operands.add(builder.input("apply", TensorType.of(DType.INT32)));
    operands.add(applied);
    operands.add(builder.input("scale", TensorType.of(DType.FLOAT64)));
    List<Value> changing = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      changing.add(builder.state("w" + i, new StateRole.Parameter(), type(parameters[i])));
    }
    operands.addAll(changing);
    for (int i = 0; i < parameters.length; i++) {
      operands.add(builder.input("g" + i, type(parameters[i])));
    }
    for (String slot : step.slots()) {
      for (int i = 0; i < parameters.length; i++) {
        changing.add(builder.state(slot + i, new StateRole.Slot(slot), type(parameters[i])));
      }
    }
    operands.addAll(changing.subList(parameters.length, changing.size()));
    changing.add(applied);
    List<Value> results = builder.emit(step, operands);
    for (int i = 0; i < changing.size(); i++) {
      builder.update(changing.get(i), results.get(i));
    }
    run = ReferenceRun.of(builder.build());
    begin(step, parameters);
  }

  private void begin(OptimizerStep step, double[]... parameters) {
    run.write("applied", 0);
    for (int i = 0; i < parameters.length; i++) {
      run.write("w" + i, parameters[i]);
      for (String slot : step.slots()) {
        run.write(slot + i, new double[parameters[i].length]);
      }
    }
  }

  /** Runs one step with one gradient a parameter. */
  public void step(double rate, int apply, double[]... gradients) {
    scaledStep(1, rate, apply, gradients);
  }

  /** Runs one step with one gradient, times {@code scale}, a parameter. */
  public void scaledStep(double scale, double rate, int apply, double[]... gradients) {
    run.feed("rate", rate).feed("apply", apply).feed("scale", scale);
    for (int i = 0; i < gradients.length; i++) {
      run.feed("g" + i, gradients[i]);
    }
    run.run();
  }

  /** Returns the first parameter. */
  public double[] parameter() {
    return parameter(0);
  }

  public double[] parameter(int index) {
    return run.state("w" + index);
  }

  public double appliedSteps() {
    return run.state("applied")[0];
  }

  private static TensorType type(double[] values) {
    return TensorType.of(DType.FLOAT64, values.length);
  }

  @Override
  public void close() {
    run.close();
  }
}
