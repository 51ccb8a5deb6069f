package io.ventral.backend.onednn;

import io.ventral.backend.Kernel;
import io.ventral.backend.onednn.OneDnnKernels.Binding;
import io.ventral.op.Constant;
import io.ventral.op.Dropout;
import io.ventral.op.SgdStep;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.util.List;
import java.util.Optional;

final class LoopKernels {
  private final Binding binding;
  LoopKernels(Binding binding) { this.binding = binding; }
  Optional<Kernel> biasGrad(List<TensorType> in) { return Optional.empty(); }
  Optional<Kernel> reshape(List<TensorType> in, List<TensorType> out) { return Optional.empty(); }
  Optional<Kernel> dropout(Dropout d, List<TensorType> in) { return Optional.empty(); }
  Optional<Kernel> finiteCheck(List<TensorType> in) { return Optional.empty(); }
  Optional<Kernel> sgd(SgdStep d, List<TensorType> in) { return Optional.empty(); }
  Kernel copy(List<TensorType> in) { return binding.kernel().loop("copy", o -> { var a = NativeMemory.of(o.inputs().getFirst()); var b = NativeMemory.of(o.outputs().getFirst()); return () -> b.copyFrom(a); }).build(); }
  Kernel constant(Constant c, List<TensorType> out) { return binding.kernel().loop("constant", o -> { var t = HostTensor.over(out.getFirst(), NativeMemory.of(o.outputs().getFirst())); return () -> { for (long i = 0; i < t.type().elements(); i++) t.set(i, c.value()); }; }).build(); }
}
