package io.ventral.models;

import io.ventral.backend.cuda.CudaOptions;
import io.ventral.network.GoldenFill;
import io.ventral.network.Network;
import io.ventral.network.NetworkDefinition;
import io.ventral.network.NetworkRequest;
import io.ventral.place.Mesh;
import io.ventral.run.DeviceOptions;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Precision;
import io.ventral.tensor.TensorType;
import io.ventral.train.Optimizer;
import io.ventral.train.TensorRun;
import io.ventral.train.TensorSteps;
import java.util.List;
import java.util.Optional;

/** A network on the parameters, images and labels of the golden files, batch 2. */
final class GoldenRun implements AutoCloseable {
  private static final int BATCH = 2;

  /** Little scratch, for simulated GPUs are small. */
  private static final CudaOptions CUDA =
      new CudaOptions(false, false, true, 16L << 20, Optional.empty());

  private static final double RATE = 1e-3;
  private static final Optimizer SGD = new Optimizer.Sgd(0.9, false, 1e-4);

  private final String output;
  private final TensorRun run;
  private final HostTensor images;
  private final HostTensor labels;

  GoldenRun(String name, String devices, DType dtype) {
    this(
        Models.find(name).orElseThrow(),
        Models.find(name).orElseThrow().defaults(),
        devices,
        dtype);
  }

  /** The same at another size than that of the golden files. */
  GoldenRun(NetworkDefinition model, NetworkRequest size, String devices, DType dtype) {
    GoldenFill fill = new GoldenFill("");
    Network network = model.define(size);
    output = network.output();
    images =
        fill.uniform(
            "input", TensorType.of(dtype, BATCH, size.channels(), size.height(), size.width()));
    labels = HostTensor.ofRowMajor(TensorType.of(DType.INT64, BATCH), 0, 37 % size.classes());
    run =
        TensorRun.open(
            network,
            BATCH,
            new TensorRun.Options(
                Mesh.parse(devices),
                Precision.uniform(dtype),
                new DeviceOptions(Runtime.getRuntime().availableProcessors(), CUDA),
                false,
                List.of(output),
                Optional.of(SGD)));
    run.fill(fill);
  }

  /** Returns the scores of all classes, image by image. */
  double[] logits() {
    return run.forward(images).get(output).toRowMajor();
  }

  /** Makes a step of training. */
  TensorSteps.Result step() {
    return run.step(images, labels, RATE).requireFinite();
  }

  @Override
  public void close() {
    run.close();
    images.close();
    labels.close();
  }
}
