package io.ventral.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ventral.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What PyTorch computed for a network in float64; see test-data/golden/README.md. */
record GoldenModel(JsonNode json) {
  private static final double DOUBLE = 1e-9;
  private static final double DOUBLE_OF_LARGEST_NORM = 1e-12;
  private static final double FLOAT_NORM = 0.05;
  private static final double PROVES_NOTHING = 1e-6;

  static GoldenModel read(String name) {
    Path file = Path.of("../test-data/golden/models").resolve(name + ".json");
    return new GoldenModel(JsonMapper.builder().build().readTree(file));
  }

  /** Returns the number of training steps. */
  int steps() {
    return goldenLosses().size();
  }

  /**
   * Compares the first scores of each image, the norm of all its scores and their best class.
   *
   * @param found scores of all classes, image by image
   * @param allowed the error allowed to a score, given its golden value and the root mean square of
   *     the image's scores; that of their norm is measured against the norm
   */
  Agreement logits(double[] found, DoubleBinaryOperator allowed) {
    Agreement agreement = new Agreement("logits");
    JsonNode images = json.get("logits_first20");
    int classes = found.length / images.size();
    for (int image = 0; image < images.size(); image++) {
      double[] scores = Arrays.copyOfRange(found, image * classes, (image + 1) * classes);
      double norm = json.get("logits_norm").get(image).asDouble();
      double scale = norm / Math.sqrt(classes);
      JsonNode first = images.get(image);
      for (int i = 0; i < first.size(); i++) {
        double golden = first.get(i).asDouble();
        String place = "image %d, class %d".formatted(image, i);
        agreement.add(place, golden, scores[i], allowed.applyAsDouble(golden, scale));
      }
      double foundNorm = Math.sqrt(Arrays.stream(scores).map(x -> x * x).sum());
      agreement.add("norm", norm, foundNorm, allowed.applyAsDouble(norm, norm));
      assertEquals(json.get("argmax").get(image).asInt(), best(scores), "best class");
    }
    return agreement;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** Compares the losses of the first steps. */
  Agreement losses(double relative, double... found) {
    Agreement agreement = new Agreement("losses");
    for (int step = 0; step < found.length; step++) {
      double golden = goldenLosses().get(step).asDouble();
      agreement.add(
          "step " + (step + 1), golden, found[step], relative * Math.max(1, Math.abs(golden)));
    }
    return agreement;
  }

  /** Compares norm, first and last element of each gradient in float64. */
  Agreement gradients(Map<String, HostTensor> found) {
    Agreement agreement = new Agreement("gradients");
    double absolute = DOUBLE_OF_LARGEST_NORM * largestNorm();
    assertEquals(Set.copyOf(goldenGradients().propertyNames()), found.keySet());
    found.forEach(
        (name, gradient) -> {
          JsonNode golden = goldenGradients().get(name);
          // Whatever the order of axes in memory, it begins and ends with the same elements.
          double[] values = {norm(gradient), gradient.get(0), gradient.get(last(gradient))};
          for (int i = 0; i < values.length; i++) {
            double expected = golden.get(i).asDouble();
            String place = name + List.of(" norm", " first", " last").get(i);
            agreement.add(place, expected, values[i], DOUBLE * Math.abs(expected) + absolute);
          }
        });
    return agreement;
  }

  /** Compares the norm of each gradient in float32, but for norms that prove nothing. */
  Agreement gradientNorms(Map<String, HostTensor> found) {
    Agreement agreement = new Agreement("gradient norms");
    double least = PROVES_NOTHING * largestNorm();
    assertEquals(Set.copyOf(goldenGradients().propertyNames()), found.keySet());
    found.forEach(
        (name, gradient) -> {
          double golden = goldenGradients().get(name).get(0).asDouble();
          if (golden >= least) {
            agreement.add(name, golden, norm(gradient), FLOAT_NORM * golden);
          }
        });
    return agreement;
  }

  private JsonNode goldenLosses() {
    return json.get("train").get("losses");
  }

  private JsonNode goldenGradients() {
    return json.get("train").get("gradient_norm_first_last");
  }

  private double largestNorm() {
    double largest = 0;
    for (JsonNode golden : goldenGradients()) {
      largest = Math.max(largest, golden.get(0).asDouble());
    }
    return largest;
  }

  private static double norm(HostTensor tensor) {
    double sum = 0;
    for (long i = 0; i <= last(tensor); i++) {
      sum += tensor.get(i) * tensor.get(i);
    }
    return Math.sqrt(sum);
  }

  private static long last(HostTensor tensor) {
    return tensor.type().elements() - 1;
  }
}
