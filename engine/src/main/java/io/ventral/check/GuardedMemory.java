package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Memory;
import io.ventral.backend.Region;
import io.ventral.plan.MemoryPlanner;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of a device in which every region lies between two guards of known bytes, the one behind
 * right after its last byte. The device frees it when it is closed.
 */
final class GuardedMemory implements AutoCloseable {
  private static final TensorType GUARD = TensorType.of(DType.UINT8, 256);
  private static final int PATTERN = 0xA5;
  private static final long BLOCK_BYTES = 1 << 20;

  private final Device device;
  private final long guardBytes;
  private final HostTensor pattern = HostTensor.zeros(GUARD);
  private final HostTensor found = HostTensor.zeros(GUARD);
  private final List<Guard> guards = new ArrayList<>();
  private Memory block;
  private long used;

  private record Guard(String where, Region region) {}

  GuardedMemory(Device device) {
    this.device = device;
    this.guardBytes = device.bytes(GUARD);
    this.block = device.allocate("operands between guards", BLOCK_BYTES);
    for (int i = 0; i < GUARD.elements(); i++) {
      pattern.set(i, PATTERN);
    }
  }

  /** Forgets all regions, so that their memory can be given out again. */
  void reset() {
    used = 0;
    guards.clear();
  }

  /** Returns an aligned region of {@code bytes} bytes, its contents left as they are. */
  Region reserve(String what, TensorType type, long bytes) {
    long offset = MemoryPlanner.aligned(used + guardBytes);
    if (offset + bytes + guardBytes > block.bytes()) {
      long needed = MemoryPlanner.aligned(guardBytes) + bytes + guardBytes;
      block = device.allocate("operands between guards", Math.max(BLOCK_BYTES, needed));
      offset = MemoryPlanner.aligned(guardBytes);
    }
    guard("before " + what, offset - guardBytes);
    guard("behind " + what, offset + bytes);
    used = offset + bytes + guardBytes;
    return new Region(block, offset, bytes, type);
  }

  private void guard(String where, long offset) {
    Guard guard = new Guard(where, new Region(block, offset, guardBytes, GUARD));
    guards.add(guard);
    device.upload(pattern, 0, guard.region());
  }

  /** Returns a sentence for each guard that was written to, and makes it whole again. */
  List<String> damage() {
    List<String> damage = new ArrayList<>();
    for (Guard guard : guards) {
      device.download(guard.region(), found, 0);
      long mismatch = found.memory().mismatch(pattern.memory());
      if (mismatch >= 0) {
        damage.add("writes out of bounds " + guard.where());
        device.upload(pattern, 0, guard.region());
      }
    }
    return damage;
  }

  @Override
  public void close() {
    pattern.close();
    found.close();
  }
}
