package io.ventral.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.op.Copy;
import io.ventral.op.MatMul;
import io.ventral.op.Scale;
import io.ventral.op.Value;
import io.ventral.tensor.DType;
import io.ventral.tensor.TensorType;
import org.junit.jupiter.api.Test;

class GraphPrinterTest {
  @Test
  void aLineANodeInOrderWithLayersAndDevices() {
    GraphBuilder builder = new GraphBuilder("tiny");
    Value x = builder.batchedInput("x", TensorType.of(DType.FLOAT32, 4, 3));
    Value w =
        builder.state("fc.weight", new StateRole.Parameter(), TensorType.of(DType.FLOAT32, 2, 3));
    Value y = builder.at("fc").emit(new MatMul(false, true), x, w);
    Value decayed = builder.at("decay").emit(new Scale(0.5), w);
    builder.update(w, decayed);
    builder.batchedOutput("scores", builder.at("home").emit(new Copy(1), y));
    assertEquals(
        """
        graph tiny
          input x %0:f32[4,3]
          state fc.weight %1:f32[2,3] -> %3:f32[2,3]
          [%2:f32[4,2]] = MatMul A·Bᵀ[%0:f32[4,3], %1:f32[2,3]]  # fc
          [%3:f32[2,3]] = Scale by 0.5[%1:f32[2,3]]  # decay
          [%4:f32[4,2]@1] = Copy to device 1[%2:f32[4,2]]  # home
          output scores %4:f32[4,2]@1
        """,
        GraphPrinter.print(builder.build()));
  }
}
