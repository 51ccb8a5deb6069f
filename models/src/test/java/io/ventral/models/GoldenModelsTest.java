package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ventral.tensor.DType;
import io.ventral.train.TensorSteps;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (GoldenRun run = new GoldenRun(name, "reference", DType.FLOAT64)) {
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
    floats(name, "cpu");
  }

  private static void floats(String name, String devices) {
    GoldenModel golden = GoldenModel.read(name);
    try (GoldenRun run = new GoldenRun(name, devices, DType.FLOAT32)) {
      Agreement logits = golden.logits(run.logits(), (logit, scale) -> FLOAT * scale);
      TensorSteps.Result first = run.step();
      check(logits, golden.losses(FLOAT, first.loss()), golden.gradientNorms(first.gradients()));
    }
  }

  @Test
  void floatsOnTheCpuInEveryBuild() {
    floatsOnTheCpu("resnet18");
  }

  /** On the simulation of CUDA, as a whole and split: the one golden network that is small. */
  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda:0,cuda:1"})
  void floatsOnSimulatedGpus(String devices) {
    Path driver = Path.of(System.getProperty("ventral.cuda.libraries"), "libcuda.so.1");
    assumeTrue(Files.exists(driver), "the simulation of CUDA is not built: no g++");
    floats("lenet5", devices);
  }

  @Tag("slow")
  @Test
  void floatsOnASimulatedGpu() {
    floats("resnet18", "cuda");
  }

  private static void check(Agreement... agreements) {
    assertAll(Stream.of(agreements).map(agreement -> agreement::check));
  }
}
