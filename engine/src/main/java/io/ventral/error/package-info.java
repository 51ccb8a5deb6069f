/**
 * The one exception of the engine and its kinds. Everything that can go wrong on purpose is an
 * {@link io.ventral.error.EngineException}; this package must not know any other. Start at {@link
 * io.ventral.error.ErrorKind}.
 */
package io.ventral.error;
