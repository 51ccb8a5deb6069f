/**
 * One backend against another, for tests and for the doctor alike: cases for every operation, from
 * which shape, gradient, parity and speed checks are made. It must not know any particular device.
 * Start at {@link io.ventral.check.OpCases}.
 */
package io.ventral.check;
