package io.ventral.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.ventral.tensor.Philox;
import io.ventral.tensor.Shape;

/** How a parameter begins. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Initializer.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = Initializer.Normal.class, name = "normal"),
  @JsonSubTypes.Type(value = Initializer.HeNormal.class, name = "he_normal"),
  @JsonSubTypes.Type(value = Initializer.FanInUniform.class, name = "fan_in_uniform")
})
public sealed interface Initializer {
  /**
   * Returns element {@code element}, counted in logical row-major order so that it does not depend
   * on the memory order.
   */
  double value(Philox random, int purpose, Shape shape, long element);

  /** One value throughout. */
  record Constant(double value) implements Initializer {
    @Override
    public double value(Philox random, int purpose, Shape shape, long element) {
      return value;
    }
  }

  /** Normal around 0. */
  record Normal(double deviation) implements Initializer {
    @Override
    public double value(Philox random, int purpose, Shape shape, long element) {
      return deviation * random.normal(purpose, 0, element);
    }
  }

  /**
   * Normal around 0 with variance 2/fan (He et al. 2015): for filters [O,I,kh,kw] the fan is
   * I·kh·kw, or O·kh·kw with {@code fanOut}.
   */
  record HeNormal(boolean fanOut) implements Initializer {
    @Override
    public double value(Philox random, int purpose, Shape shape, long element) {
      double fan =
          fanOut ? (double) shape.elements() / shape.extent(1) : (double) shape.elementsPerSample();
      return StrictMath.sqrt(2 / fan) * random.normal(purpose, 0, element);
    }
  }

  /**
   * Uniform in ±1/√fanIn: what PyTorch gives convolutions and fully connected layers.
   *
   * @param fanIn inputs of one output; 0 takes it from the shape
   */
  record FanInUniform(int fanIn) implements Initializer {
    @Override
    public double value(Philox random, int purpose, Shape shape, long element) {
      double fan = fanIn > 0 ? fanIn : (double) shape.elementsPerSample();
      return (2 * random.uniform(purpose, 0, element) - 1) / StrictMath.sqrt(fan);
    }
  }
}
