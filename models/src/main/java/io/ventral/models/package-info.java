/**
 * The networks that come with Ventral, one small file each, described in the engine's terms. Knows
 * nothing of devices, data sets or the command line. Start at the smallest network.
 */
package io.ventral.models;
