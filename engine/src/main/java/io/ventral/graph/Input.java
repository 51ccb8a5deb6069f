package io.ventral.graph;

import io.ventral.op.BatchShard;
import io.ventral.op.Value;
import java.util.Optional;

/**
 * What is fed before a run.
 *
 * @param shard for a batched input the rows of the fed tensor that this value holds; empty if it
 *     holds the whole tensor
 */
public record Input(String name, Value value, Optional<BatchShard> shard) {}
