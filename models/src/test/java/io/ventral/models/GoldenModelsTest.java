package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertAll;

import io.ventral.place.DeviceKind;
import io.ventral.tensor.DType;
import io.ventral.train.TensorSteps;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole networks against PyTorch in float64: logits, losses, gradients. How near they must come is
 * said in test-data/golden/README.md.
 */
class GoldenModelsTest {
  private static final double DOUBLE = 1e-9;
  private static final double FLOAT = 1e-4;

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "googlenet", "alexnet", "resnet50", "vgg16"})
  void doublesOnTheReference(String name) {
    GoldenModel golden = GoldenModel.read(name);
    try (GoldenRun run = new GoldenRun(name, DeviceKind.REFERENCE, DType.FLOAT64)) {
      Agreement logits =
          golden.logits(run.logits(), (logit, scale) -> DOUBLE * Math.max(1, Math.abs(logit)));
      TensorSteps.Result first = run.step();
      double[] losses = new double[golden.steps()];
      losses[0] = first.loss();
      Agreement gradients = golden.gradients(first.gradients());
      for (int step = 1; step < losses.length; step++) {
        losses[step] = run.step().loss();
      }
      check(logits, golden.losses(DOUBLE, losses), gradients);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"googlenet", "alexnet", "resnet50", "vgg16"})
  void floatsOnTheCpu(String name) {
    GoldenModel golden = GoldenModel.read(name);
    try (GoldenRun run = new GoldenRun(name, DeviceKind.CPU, DType.FLOAT32)) {
      Agreement logits = golden.logits(run.logits(), (logit, scale) -> FLOAT * scale);
      TensorSteps.Result first = run.step();
      check(logits, golden.losses(FLOAT, first.loss()), golden.gradientNorms(first.gradients()));
    }
  }

  @Test
  void floatsOnTheCpuInEveryBuild() {
    floatsOnTheCpu("resnet18");
  }

  private static void check(Agreement... agreements) {
    assertAll(Stream.of(agreements).map(agreement -> agreement::check));
  }
}
