/**
 * Who computes what: devices, meshes, how values lie on them, and how sums over devices are formed.
 * It must not know memory or kernels. Start at {@link io.ventral.place.Placer}.
 */
package io.ventral.place;
