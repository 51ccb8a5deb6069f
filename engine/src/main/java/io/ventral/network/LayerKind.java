package io.ventral.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.ventral.tensor.Rounding;
import io.ventral.tensor.Window2d;
import java.util.stream.Stream;

/** What a layer does, with its attributes; {@link NetworkLowering} turns it into operations. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LayerKind.Conv.class, name = "conv2d"),
  @JsonSubTypes.Type(value = LayerKind.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = LayerKind.BatchNorm.class, name = "batchnorm"),
  @JsonSubTypes.Type(value = LayerKind.Lrn.class, name = "lrn"),
  @JsonSubTypes.Type(value = LayerKind.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = LayerKind.LeakyRelu.class, name = "leaky_relu"),
  @JsonSubTypes.Type(value = LayerKind.Sigmoid.class, name = "sigmoid"),
  @JsonSubTypes.Type(value = LayerKind.Tanh.class, name = "tanh"),
  @JsonSubTypes.Type(value = LayerKind.MaxPool.class, name = "maxpool"),
  @JsonSubTypes.Type(value = LayerKind.AvgPool.class, name = "avgpool"),
  @JsonSubTypes.Type(value = LayerKind.AdaptiveAvgPool.class, name = "adaptive_avgpool"),
  @JsonSubTypes.Type(value = LayerKind.Dropout.class, name = "dropout"),
  @JsonSubTypes.Type(value = LayerKind.Add.class, name = "add"),
  @JsonSubTypes.Type(value = LayerKind.Concat.class, name = "concat"),
  @JsonSubTypes.Type(value = LayerKind.Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = LayerKind.Softmax.class, name = "softmax")
})
public sealed interface LayerKind {
  /** Returns the name of the kind in JSON, such as {@code conv2d}. */
  default String typeName() {
    return Stream.of(LayerKind.class.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> type.value() == getClass())
        .map(JsonSubTypes.Type::name)
        .findFirst()
        .orElseThrow();
  }

  /** Convolution to {@code channels} channels. */
  record Conv(int channels, Window2d window, int groups, boolean bias, Initializer weights)
      implements LayerKind {}

  /** Fully connected to {@code features} outputs; a rank-4 input is taken whole, as flattened. */
  record Linear(int features, boolean bias, Initializer weights) implements LayerKind {}

  /**
   * Batch normalisation with scale and bias.
   *
   * @param momentum weight of the new value in the running statistics
   */
  record BatchNorm(double epsilon, double momentum) implements LayerKind {}

  /** Local response normalisation across channels. */
  record Lrn(int size, double alpha, double beta, double k) implements LayerKind {}

  record Relu() implements LayerKind {}

  record LeakyRelu(double slope) implements LayerKind {}

  record Sigmoid() implements LayerKind {}

  record Tanh() implements LayerKind {}

  record MaxPool(Window2d window, Rounding rounding) implements LayerKind {}

  record AvgPool(Window2d window, Rounding rounding, boolean countIncludePad)
      implements LayerKind {}

  record AdaptiveAvgPool(int height, int width) implements LayerKind {}

  /** Dropout in training; nothing in evaluation. */
  record Dropout(double rate) implements LayerKind {}

  /** Sum of all inputs. */
  record Add() implements LayerKind {}

  /** Inputs side by side along the channels. */
  record Concat() implements LayerKind {}

  /** All axes but the batch joined, in C, H, W order. */
  record Flatten() implements LayerKind {}

  /** Probabilities over axis 1. */
  record Softmax() implements LayerKind {}
}
