package io.ventral.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.io.SafetensorsFile;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import io.ventral.testing.TestData;
import org.junit.jupiter.api.Test;

class GoldenFillTest {
  private static final GoldenFill FILL = new GoldenFill("");

  @Test
  void numbersAsTheGeneratorDrewThem() {
    try (SafetensorsFile golden = SafetensorsFile.open(TestData.path("golden/ops.safetensors"));
        HostTensor x = golden.read("conv_groups2/x");
        HostTensor filled = FILL.uniform("conv_groups2.x", x.type())) {
      assertEquals(4, x.type().rank());
      assertArrayEquals(x.toRowMajor(), filled.toRowMajor());
    }
  }

  @Test
  void eachRoleHasItsRange() {
    double u = first(FILL, ParameterRole.WEIGHT, Shape.of(2, 6));
    assertEquals(0.1 * u, first(FILL, ParameterRole.BIAS, Shape.of(4)));
    assertEquals(0.1 * u, first(FILL, ParameterRole.NORM_BIAS, Shape.of(4)));
    assertEquals(0.1 * u, first(FILL, ParameterRole.RUNNING_MEAN, Shape.of(4)));
    assertEquals(1 + 0.1 * u, first(FILL, ParameterRole.NORM_SCALE, Shape.of(4)));
    assertEquals(1 + 0.5 * u, first(FILL, ParameterRole.RUNNING_VARIANCE, Shape.of(4)));
    assertEquals(u / 2, first(FILL, ParameterRole.WEIGHT, Shape.of(5, 6, 2, 2)), 1e-16);
  }

  @Test
  void theTagStandsBeforeTheName() {
    TensorType type = TensorType.of(DType.FLOAT64, 3);
    try (HostTensor tagged = new GoldenFill("ab").uniform("c", type);
        HostTensor plain = FILL.uniform("abc", type)) {
      assertArrayEquals(plain.toRowMajor(), tagged.toRowMajor());
    }
  }

  /** Returns the first element; a weight with six inputs is u itself. */
  private static double first(GoldenFill fill, ParameterRole role, Shape shape) {
    ParameterSpec spec =
        new ParameterSpec("layer.leaf", role, shape, shape, new Initializer.Constant(0));
    try (HostTensor tensor = fill.tensor(spec, DType.FLOAT64)) {
      return tensor.get(0);
    }
  }
}
