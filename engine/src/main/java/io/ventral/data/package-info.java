/**
 * From files to batches: which images there are, what a pixel of the network's input is, in what
 * order images come. It must not know networks or devices. Everything random is a pure function of
 * (seed, epoch, position), so a batch does not depend on the number of decoding threads. Start at
 * {@link io.ventral.data.DataSource}, then {@link io.ventral.data.BatchLoader}.
 */
package io.ventral.data;
