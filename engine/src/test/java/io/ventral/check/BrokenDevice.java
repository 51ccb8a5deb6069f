package io.ventral.check;

import io.ventral.backend.Device;
import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Memory;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.op.Op;
import io.ventral.place.DeviceId;
import io.ventral.place.DeviceKind;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.List;

/** The reference with a defect in every kernel. */
final class BrokenDevice implements Device {
  private final Device sound = new ReferenceDevice(new DeviceId(DeviceKind.REFERENCE, 0), 1);
  private final Defect defect;

  BrokenDevice(Defect defect) {
    this.defect = defect;
  }

  /** What is wrong; each part is right unless a defect says otherwise. */
  interface Defect {
    /** Runs a kernel and does something wrong. */
    void run(Device device, Op op, Operands operands, Launch launch);

    /** Called before an operation is bound: may refuse it. */
    default void bind(Op op, List<TensorType> inputs) {}

    default long workspaceBytes(long sound) {
      return sound;
    }

    default boolean mayOverwrite(boolean sound) {
      return sound;
    }
  }

  @Override
  public Kernel bind(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    defect.bind(op, inputs);
    return new BrokenKernel(op, sound.bind(op, inputs, outputs));
  }

  private final class BrokenKernel implements Kernel {
    private final Op op;
    private final Kernel kernel;

    BrokenKernel(Op op, Kernel kernel) {
      this.op = op;
      this.kernel = kernel;
    }

    @Override
    public long workspaceBytes() {
      return defect.workspaceBytes(kernel.workspaceBytes());
    }

    @Override
    public long savedBytes() {
      return kernel.savedBytes();
    }

    @Override
    public boolean mayOverwrite(int input, int output) {
      return defect.mayOverwrite(kernel.mayOverwrite(input, output));
    }

    @Override
    public Launch place(Operands operands) {
      Launch launch = kernel.place(operands);
      return () -> defect.run(sound, op, operands, launch);
    }

    @Override
    public String implementation() {
      return "broken " + kernel.implementation();
    }
  }

  @Override
  public DeviceId id() {
    return sound.id();
  }

  @Override
  public long bytes(TensorType type) {
    return sound.bytes(type);
  }

  @Override
  public Memory allocate(String what, long bytes) {
    return sound.allocate(what, bytes);
  }

  @Override
  public void upload(HostTensor source, long first, Region target) {
    sound.upload(source, first, target);
  }

  @Override
  public void download(Region source, HostTensor target, long first) {
    sound.download(source, target, first);
  }

  @Override
  public void poison(Region region) {
    sound.poison(region);
  }

  @Override
  public void close() {
    sound.close();
  }
}
