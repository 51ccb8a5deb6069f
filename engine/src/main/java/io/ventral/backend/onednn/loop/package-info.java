/**
 * Loops of our own for what oneDNN lacks or has only slowly, shared by the threads of its team:
 * they take native memory through arrays small enough for the first cache, for Java compiles loops
 * over arrays alone to vector instructions. They must not allocate while they run. Start at {@link
 * io.ventral.backend.onednn.loop.Tiles}; any loop then shows how they are built.
 */
package io.ventral.backend.onednn.loop;
