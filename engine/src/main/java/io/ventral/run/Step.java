package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;

/** A launch on a device of the mesh. */
record Step(Device device, Launch launch) {}
