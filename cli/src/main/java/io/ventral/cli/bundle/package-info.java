/**
 * Packs Ventral and the Java it needs into one file. Start at {@link io.ventral.cli.bundle.Bundle}.
 */
package io.ventral.cli.bundle;
