/**
 * The reverse walk: gradients of a scalar as further nodes of the same graph. It must not know
 * single operations; each brings its own rule. Start at {@link io.ventral.autodiff.Differentiator}.
 */
package io.ventral.autodiff;
