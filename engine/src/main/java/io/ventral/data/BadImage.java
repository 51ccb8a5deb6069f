package io.ventral.data;

/**
 * An image that was skipped.
 *
 * @param item its number in the data set
 * @param name its file below the root, or such as {@code train[123]}
 * @param reason one line that names the file and says what is wrong with it
 */
public record BadImage(int item, String name, String reason) {}
