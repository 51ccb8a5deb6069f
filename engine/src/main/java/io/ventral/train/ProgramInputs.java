package io.ventral.train;

import io.ventral.graph.GraphBuilder;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;

/** The inputs and counts that training and evaluation programs have in common. */
final class ProgramInputs {
  /** Top-5 counts; with fewer classes, as many as there are. */
  private static final int TOP = 5;

  private ProgramInputs() {}

  static Value labels(GraphBuilder builder, int batch) {
    return builder.batchedInput(Names.LABELS, TensorType.of(DType.INT64, batch));
  }

  static Value weights(GraphBuilder builder, int batch, DType dtype) {
    return builder.batchedInput(Names.WEIGHTS, TensorType.of(dtype, batch));
  }

  static void accuracy(GraphBuilder builder, ClassificationLoss loss) {
    int classes = loss.scores().type().extent(1);
    builder.at("accuracy");
    builder.output(Names.TOP1, loss.topK(builder, 1));
    builder.output(Names.TOP5, loss.topK(builder, Math.min(TOP, classes)));
  }
}
