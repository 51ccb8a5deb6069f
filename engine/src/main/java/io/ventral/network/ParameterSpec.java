package io.ventral.network;

import io.ventral.tensor.Shape;

/**
 * A stored tensor of a network.
 *
 * @param name as in files, such as {@code layer1.0.conv1.weight}
 * @param shape logical shape in the graph
 * @param fileShape shape in files, with the same elements in row-major order: a fully connected
 *     weight [O,C,H,W] is [O, C·H·W] there
 */
public record ParameterSpec(
    String name, ParameterRole role, Shape shape, Shape fileShape, Initializer initializer) {}
