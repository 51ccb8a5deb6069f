package io.ventral.backend.cuda;

import static io.ventral.backend.cuda.Argument.f32;
import static io.ventral.backend.cuda.Argument.f64;
import static io.ventral.backend.cuda.Argument.flag;
import static io.ventral.backend.cuda.Argument.i32;
import static io.ventral.backend.cuda.Argument.i64;
import static io.ventral.backend.cuda.Argument.in;
import static io.ventral.backend.cuda.Argument.out;

import io.ventral.backend.Kernel;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.op.AdamStep;
import io.ventral.op.AlexNetStep;
import io.ventral.op.FiniteCheck;
import io.ventral.op.LossScaleStep;
import io.ventral.op.OptimizerStep;
import io.ventral.op.RmsPropStep;
import io.ventral.op.Segment;
import io.ventral.op.SgdStep;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The update of the whole network in one launch, the check that goes before it, and the loss scale.
 */
final class OptimizerKernels {
  private static final String FILE = "optimizer";

  /** Elements that a block takes: few, so that the load is even. */
  private static final long RUN = 4096;

  private static final int UPDATE_WORDS = 10;
  private static final int CHECK_WORDS = 3;
  private static final int MOST_SLOTS = 2;
  private static final int CORRECTION_BYTES = 8;
  private static final long TWO_ONES = 0x1_0000_0001L;

  private final OpenGpu gpu;

  OptimizerKernels(OpenGpu gpu) {
    this.gpu = gpu;
  }

  Kernel finiteCheck(FiniteCheck check, List<TensorType> in) {
    List<TensorType> values = check.values(in);
    values.forEach(type -> Format.require(type.dtype()));
    int entries = entries(values);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument.Address table = kernel.scratch((long) entries * CHECK_WORDS * Long.BYTES);
    kernel.step(
        "table",
        new Table(gpu, table, operands -> checked(check.values(operands.inputs()), entries)));
    if (check.continued()) {
      kernel.copy(in(0), out(0), Integer.BYTES);
    } else {
      kernel.call("movement", "fill", 1, out(0), i64(TWO_ONES), i64(Integer.BYTES));
    }
    return kernel
        .call(FILE, "finite_check", gpu.blocks(entries, 1, 1), table, out(0), i32(entries))
        .inPlace((input, output) -> check.continued() && input == 0)
        .build();
  }

  private static int entries(List<TensorType> types) {
    return Math.toIntExact(
        types.stream().mapToLong(type -> Math.ceilDiv(type.elements(), RUN)).sum());
  }

  private static long[] checked(List<Region> values, int entries) {
    long[] words = new long[entries * CHECK_WORDS];
    int next = 0;
    for (Region region : values) {
      TensorType type = region.type();
      for (long begin = 0; begin < type.elements(); begin += RUN) {
        words[next++] = CudaMemory.address(region) + begin * type.dtype().bytes();
        words[next++] = Math.min(RUN, type.elements() - begin);
        words[next++] = Format.code(type.dtype());
      }
    }
    return words;
  }

  Kernel step(OptimizerStep step, List<TensorType> in) {
    List<TensorType> parameters = step.parameters(in);
    int entries = entries(parameters);
    CudaKernel.Builder kernel = new CudaKernel.Builder(gpu);
    Argument.Address table = kernel.scratch((long) entries * UPDATE_WORDS * Long.BYTES);
    Argument corrections = kernel.scratch(CORRECTION_BYTES);
    int counter = parameters.size() * (1 + step.slots().size());
    Rule rule = rule(step, corrections);
    List<Argument> arguments = new ArrayList<>(List.of(in(0), in(1), in(OptimizerStep.SCALE)));
    arguments.addAll(rule.beforeTable());
    arguments.add(table);
    arguments.add(i32(entries));
    arguments.addAll(rule.attributes());
    return kernel
        .step("table", new Table(gpu, table, operands -> updated(step, operands, entries)))
        .call(
            FILE,
            "step_count",
            gpu.blocks(1, 1, 1),
            in(1),
            in(OptimizerStep.APPLIED),
            out(counter),
            corrections,
            f64(rule.beta1()),
            f64(rule.beta2()))
        .call(
            FILE,
            rule.name() + "_" + Format.suffix(parameters.getFirst().dtype()),
            gpu.blocks(entries, 1, 1),
            arguments.toArray(Argument[]::new))
        .inPlace(step::replaces)
        .build();
  }

  Kernel lossScale(LossScaleStep step, List<TensorType> in) {
    return new CudaKernel.Builder(gpu)
        .call(
            "loss_scale",
            "loss_scale_step_" + Format.suffix(in.getFirst().dtype()),
            gpu.blocks(1, 1, 1),
            in(0),
            in(1),
            in(2),
            in(3),
            in(4),
            out(0),
            out(1),
            out(2),
            out(3),
            i64(step.interval()),
            f32(step.growth()),
            f32(step.backoff()),
            f32(step.least()),
            f32(step.most()))
        .inPlace((input, output) -> input.equals(output))
        .build();
  }

  /** The parameters of one rule's kernel. */
  private record Rule(
      String name,
      double beta1,
      double beta2,
      List<Argument> beforeTable,
      List<Argument> attributes) {
    Rule(String name, Argument... attributes) {
      this(name, 0, 0, List.of(), List.of(attributes));
    }
  }

  private static Rule rule(OptimizerStep step, Argument corrections) {
    return switch (step) {
      case SgdStep sgd -> new Rule("sgd_step", f32(sgd.momentum()), flag(sgd.nesterov()));
      case AlexNetStep alexNet -> new Rule("alexnet_step", f32(alexNet.momentum()));
      case AdamStep adam ->
          new Rule(
              "adam_step",
              adam.beta1(),
              adam.beta2(),
              List.of(corrections),
              List.of(
                  f32(adam.beta1()),
                  f32(1 - adam.beta1()),
                  f32(adam.beta2()),
                  f32(1 - adam.beta2()),
                  f32(adam.epsilon()),
                  flag(adam.decoupledDecay())));
      case RmsPropStep prop ->
          new Rule(
              "rms_prop_step",
              f32(prop.alpha()),
              f32(1 - prop.alpha()),
              f32(prop.epsilon()),
              f32(prop.momentum()));
    };
  }

  private static long[] updated(OptimizerStep step, Operands operands, int entries) {
    long[] words = new long[entries * UPDATE_WORDS];
    int next = 0;
    for (int i = 0; i < step.segments().size(); i++) {
      TensorType type = step.parameters(operands.inputs()).get(i).type();
      long[] addresses = addresses(step, operands, i);
      Segment segment = step.segments().get(i);
      for (long begin = 0; begin < type.elements(); begin += RUN) {
        for (long address : addresses) {
          words[next++] = address == 0 ? 0 : address + begin * type.dtype().bytes();
        }
        words[next++] = Math.min(RUN, type.elements() - begin);
        words[next++] = Double.doubleToRawLongBits(segment.rateScale());
        words[next++] = Double.doubleToRawLongBits(segment.weightDecay());
      }
    }
    return words;
  }

  /** Returns parameter, gradient, slots, new parameter, new slots; 0 for slots there are not. */
  private static long[] addresses(OptimizerStep step, Operands operands, int i) {
    long[] addresses = new long[3 + 2 * MOST_SLOTS];
    addresses[0] = CudaMemory.address(step.parameters(operands.inputs()).get(i));
    addresses[1] = CudaMemory.address(step.gradients(operands.inputs()).get(i));
    addresses[2 + MOST_SLOTS] = CudaMemory.address(step.newParameters(operands.outputs()).get(i));
    for (int slot = 0; slot < step.slots().size(); slot++) {
      addresses[2 + slot] = CudaMemory.address(step.slot(operands.inputs(), slot).get(i));
      addresses[3 + MOST_SLOTS + slot] =
          CudaMemory.address(step.newSlot(operands.outputs(), slot).get(i));
    }
    return addresses;
  }
}
