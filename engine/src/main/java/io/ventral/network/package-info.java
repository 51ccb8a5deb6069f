/**
 * Networks as data: layers with names and attributes, parameters with names and initialisers, and
 * how they become a graph. It must not know devices, training or files. Start at {@link
 * io.ventral.network.Network}; a definition is written with {@link
 * io.ventral.network.NetworkBuilder}.
 */
package io.ventral.network;
