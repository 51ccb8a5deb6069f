/**
 * The update of all parameters in one pass over contiguous memory, and the check before it that all
 * gradients are finite. A rule says what one tile of parameters becomes; it must not know where the
 * tiles lie. Start at {@link io.ventral.backend.onednn.update.OptimizerLoop}.
 */
package io.ventral.backend.onednn.update;
