/**
 * The contract between the compiler and a device: what is bound, placed in memory and launched. It
 * must not know any particular device. Start at {@link io.ventral.backend.Device}.
 */
package io.ventral.backend;
