/**
 * Draws the pictures of {@code test-data/digits}: small handwriting-like digits on which a network
 * can be trained in seconds, so that a test of training needs no download and no licence.
 *
 * <p>Every picture is a pure function of its split, digit and number. Nothing here may therefore
 * use fonts, the clock, the platform's random numbers, {@code Math} functions that may differ
 * between machines ({@code StrictMath} instead) or the order in which pictures are drawn. Nothing
 * here may depend on the engine either: data that the engine helped to make could hide its faults.
 *
 * <p>Start at {@link io.ventral.testdata.DigitsGenerator#pixels}; it reads as the list of steps:
 * {@code Glyphs} (which strokes), {@code Stroke} (how a hand varies them), {@code Warp} (where they
 * land on the picture), {@code Rasteriser} (what the pen leaves there).
 */
package io.ventral.testdata;
