package io.ventral.backend;

/**
 * What a kernel can do ahead of its runs for an operand that stays the same from run to run, such
 * as bringing a filter into the order in which it is read.
 *
 * @param prepare from the operand alone to one opaque output
 * @param compute the kernel that finds that output in the operand's stead
 */
public record Preparation(Kernel prepare, Kernel compute) {}
