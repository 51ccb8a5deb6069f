/**
 * Programs that make the data the tests read: the folders {@code digits} and {@code golden} of this
 * module. Depends on no other module, so that what it makes can judge them. Start at the program
 * named after the folder.
 */
package io.ventral.testdata;
