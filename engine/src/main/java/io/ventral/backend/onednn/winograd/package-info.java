/**
 * 3×3 convolutions by minimal filtering (Winograd), in all three directions: patches and filters to
 * 36 points, there a product of matrices each, and back. Whether that costs less than the direct
 * way is decided by a rule on shapes, {@link
 * io.ventral.backend.onednn.winograd.WinogradProblem#cost}, never by a timing. It must not know any
 * other way. Start at {@link io.ventral.backend.onednn.winograd.WinogradKernels}.
 */
package io.ventral.backend.onednn.winograd;
