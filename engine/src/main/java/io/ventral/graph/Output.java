package io.ventral.graph;

import io.ventral.op.BatchShard;
import io.ventral.op.Value;
import java.util.Optional;

/**
 * What is fetched after a run.
 *
 * @param shard the rows of the fetched tensor that this value holds; empty if it is the whole
 *     tensor
 */
public record Output(String name, Value value, Optional<BatchShard> shard) {}
