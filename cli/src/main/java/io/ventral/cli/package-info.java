/**
 * The command line: reads arguments, calls the engine, prints results and errors, sets the exit
 * code. Holds no arithmetic and no knowledge of a device. Start at {@link io.ventral.cli.Main}.
 */
package io.ventral.cli;
