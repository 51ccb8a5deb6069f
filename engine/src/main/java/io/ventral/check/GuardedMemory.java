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
  private final List<Block> blocks = new ArrayList<>();

  /** Memory that is given out from its beginning on. */
  private static final class Block {
    private final Memory memory;
    private long used;

    Block(Memory memory) {
      this.memory = memory;
    }
  }

  private record Guard(String where, Region region) {}

  GuardedMemory(Device device) {
    this.device = device;
    this.guardBytes = device.bytes(GUARD);
    allocate(BLOCK_BYTES);
    for (int i = 0; i < GUARD.elements(); i++) {
      pattern.set(i, PATTERN);
    }
  }

  private Block allocate(long bytes) {
    Block block = new Block(device.allocate("operands between guards", bytes));
    blocks.add(block);
    return block;
  }

  /** Forgets all regions, so that their memory can be given out again. */
  void reset() {
    blocks.forEach(block -> block.used = 0);
    guards.clear();
  }

  /** Returns an aligned region of {@code bytes} bytes, its contents left as they are. */
  Region reserve(String what, TensorType type, long bytes) {
    long needed = MemoryPlanner.aligned(guardBytes) + bytes + guardBytes;
    Block block =
        blocks.stream()
            .filter(it -> offset(it) + bytes + guardBytes <= it.memory.bytes())
            .findFirst()
            .orElseGet(() -> allocate(Math.max(BLOCK_BYTES, needed)));
    long offset = offset(block);
    guard("before " + what, block.memory, offset - guardBytes);
    guard("behind " + what, block.memory, offset + bytes);
    block.used = offset + bytes + guardBytes;
    return new Region(block.memory, offset, bytes, type);
  }

  private long offset(Block block) {
    return MemoryPlanner.aligned(block.used + guardBytes);
  }

  private void guard(String where, Memory block, long offset) {
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
