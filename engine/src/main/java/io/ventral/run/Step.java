package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Launch;

/**
 * A launch on a device of the mesh.
 *
 * @param crosses whether it reads what lies on another device
 */
record Step(Device device, Launch launch, boolean crosses) {}
