package io.ventral.place;

import io.ventral.error.EngineException;
import java.util.List;
import java.util.stream.Stream;

/** The devices of a run, in order, all of one kind. A device may stand in it more than once. */
public record Mesh(List<DeviceId> devices) {
  public Mesh {
    devices = List.copyOf(devices);
    if (devices.isEmpty()) {
      throw EngineException.user("a mesh needs at least one device");
    }
    if (devices.stream().map(DeviceId::kind).distinct().count() > 1) {
      throw EngineException.unsupported("device list " + devices + " mixes kinds; name one kind");
    }
  }

  /** Returns the mesh of a comma-separated list such as {@code reference:0,reference:1}. */
  public static Mesh parse(String text) {
    return new Mesh(
        Stream.of(text.split(",", -1)).map(String::strip).map(DeviceId::parse).toList());
  }

  /** Returns the mesh of one device. */
  public static Mesh of(DeviceId device) {
    return new Mesh(List.of(device));
  }

  public int size() {
    return devices.size();
  }

  public DeviceKind kind() {
    return devices.getFirst().kind();
  }

  /** Returns for example {@code reference:0,reference:1}. */
  @Override
  public String toString() {
    return String.join(",", devices.stream().map(DeviceId::toString).toList());
  }
}
