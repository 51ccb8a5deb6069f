package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.Launch;
import io.ventral.backend.Memory;
import io.ventral.backend.Operands;
import io.ventral.backend.Region;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.reference.ReferenceDevice;
import io.ventral.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation computed by the reference's loop in double, operands converted before and after: for
 * what is too small or too rare to deserve more. Its staging memory is taken when operands get
 * their place.
 *
 * @param reason why the operation runs here
 */
record OnReference(Kernel kernel, ReferenceDevice reference, String reason) implements Kernel {
  @Override
  public long workspaceBytes() {
    return 0;
  }

  @Override
  public long savedBytes() {
    return 0;
  }

  @Override
  public boolean mayOverwrite(int input, int output) {
    return false;
  }

  @Override
  public String implementation() {
    return "reference loop (" + reason + ")";
  }

  @Override
  public Launch place(Operands operands) {
    List<Region> inputs = staged(operands.inputs());
    List<Region> outputs = staged(operands.outputs());
    List<HostTensor> sources = views(operands.inputs());
    List<HostTensor> targets = views(operands.outputs());
    Launch loop = kernel.place(new Operands(inputs, outputs, operands.workspace()));
    return () -> {
      for (int i = 0; i < inputs.size(); i++) {
        reference.upload(sources.get(i), 0, inputs.get(i));
      }
      loop.run();
      for (int i = 0; i < outputs.size(); i++) {
        reference.download(outputs.get(i), targets.get(i), 0);
      }
    };
  }

  private List<Region> staged(List<Region> regions) {
    List<Region> staged = new ArrayList<>();
    for (Region region : regions) {
      long bytes = reference.bytes(region.type());
      Memory memory = reference.allocate("staging", bytes);
      staged.add(new Region(memory, 0, bytes, region.type()));
    }
    return staged;
  }

  private static List<HostTensor> views(List<Region> regions) {
    return regions.stream()
        .map(region -> HostTensor.over(region.type(), NativeMemory.of(region)))
        .toList();
  }
}
