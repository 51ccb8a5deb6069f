/**
 * Built-in networks, one file a family, each a function from input size and classes to a network.
 * They must not know devices or training; training recipes are argument files in {@code
 * models/recipes}. Start at {@link io.ventral.models.Models}, the list.
 */
package io.ventral.models;
