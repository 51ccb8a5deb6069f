package io.ventral.run;

import io.ventral.backend.Readout;

/** The outputs of a run that was launched, on their way to the host. */
public final class Pending {
  private final Results results;
  private final Readout[] readouts;
  private boolean underWay;

  Pending(Results results) {
    this.results = results;
    readouts = results.downloads().stream().map(Download::readout).toArray(Readout[]::new);
  }

  void begin() {
    // What nobody waited for is overwritten, but not while it is still on its way.
    await();
    for (Readout readout : readouts) {
      readout.begin();
    }
    underWay = true;
  }

  /**
   * Returns the outputs, waiting for the run; they are valid until the executable is launched for
   * the second time from then.
   *
   * @throws io.ventral.error.EngineException DEVICE if the run failed
   */
  public Fetches await() {
    if (underWay) {
      underWay = false;
      for (Readout readout : readouts) {
        readout.finish();
      }
    }
    return results.fetches();
  }

  void close() {
    results.close();
  }
}
