package io.ventral.train;

import io.ventral.error.EngineException;
import java.util.List;

/** What training starts from. */
public sealed interface TrainingStart {
  /** Returns what devices chose by measuring in the run that is gone on with. */
  default List<String> choices() {
    return List.of();
  }

  /** Returns the state in which training starts, after setting every state of the session. */
  TrainingState apply(TrainingSession session, TrainingJob job);

  /** Initial values drawn by the seed. */
  record Fresh() implements TrainingStart {
    @Override
    public TrainingState apply(TrainingSession session, TrainingJob job) {
      Initialization.initialize(session.session(), session.parameters(), job.seed());
      return TrainingState.beginning();
    }
  }

  /** The weights of a file; optimizer and position from the beginning. */
  record FromWeights(Checkpoint checkpoint) implements TrainingStart {
    @Override
    public TrainingState apply(TrainingSession session, TrainingJob job) {
      Initialization.initialize(session.session(), session.parameters(), job.seed());
      checkpoint.loadParameters(session.session(), session.parameters());
      return TrainingState.beginning();
    }
  }

  /** Everything as the checkpoint left it. */
  record Resumed(Checkpoint checkpoint) implements TrainingStart {
    @Override
    public List<String> choices() {
      return checkpoint.info().map(CheckpointInfo::choices).orElse(List.of());
    }

    @Override
    public TrainingState apply(TrainingSession session, TrainingJob job) {
      TrainingState state =
          checkpoint
              .info()
              .flatMap(CheckpointInfo::training)
              .orElseThrow(
                  () ->
                      EngineException.data(
                          checkpoint.path()
                              + ": holds weights but no state of training; use --weights"));
      Initialization.clear(session.session());
      checkpoint.loadAll(session.session(), session.parameters());
      return state;
    }
  }
}
