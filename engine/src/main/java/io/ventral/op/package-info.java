/**
 * What an operation means: one record an operation, forward and backward alike, with its
 * attributes, its shape rule, its gradient as further operations and its cost. It must not know
 * graphs, devices or memory. Start at {@link io.ventral.op.Op}; an operation is added in five
 * places, named there.
 */
package io.ventral.op;
