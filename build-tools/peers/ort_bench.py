"""Times inference of torchvision's networks in ONNX Runtime on the processor, the peer of "ventral bench MODEL --inference".

    python ort_bench.py export FOLDER resnet50 vgg16      writes FOLDER/resnet50.onnx, …; needs torch, torchvision, onnx
    python ort_bench.py measure FOLDER resnet50 vgg16     prints a line of JSON for each batch size; needs onnxruntime, numpy

The packages are those of pip. Weights are as torchvision draws them, for speed does not depend on them; constants are
folded, the batch axis is open. ONNX Runtime has its default options but for the number of threads, and is fed a NumPy
array that lies ready. Both steps can run in environments of their own.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time
import types

SIZE = 224
OPSET = 17
WARM_UP = 3
FEWEST_STEPS = 9


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["export", "measure"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2, help="for which each batch size is timed at least")
    return parser.parse_args()


def export(file, model):
    import torch

    # The networks need none of torchvision's compiled operations, which a wheel of another index does not find.
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("none")
    import torchvision

    settings = {"init_weights": False, "aux_logits": False} if model == "googlenet" else {}
    network = getattr(torchvision.models, model)(**settings).eval()
    batch = {0: "batch"}
    torch.onnx.export(
        network, (torch.zeros(1, 3, SIZE, SIZE),), str(file), dynamo=False, opset_version=OPSET,
        input_names=["images"], output_names=["scores"], dynamic_axes={"images": batch, "scores": batch})
    print(file, file=sys.stderr)


def measure(file, model, args):
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    for batch in args.batch_sizes:
        images = numpy.random.default_rng(0).standard_normal((batch, 3, SIZE, SIZE), dtype=numpy.float32)
        seconds = timed(lambda: session.run(None, {name: images}), args.seconds)
        median = statistics.median(seconds)
        print(json.dumps({
            "model": model, "device": "cpu", "mode": "inference", "dtype": "float32", "batch": batch,
            "threads": args.threads, "images_per_second": batch / median, "step_ms_median": median * 1e3,
            "step_ms_min": min(seconds) * 1e3, "versions": f"ONNX Runtime {onnxruntime.__version__}"}), flush=True)


def timed(step, least):
    for _ in range(WARM_UP):
        step()
    seconds = []
    end = time.perf_counter() + least
    while len(seconds) < FEWEST_STEPS or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return seconds


def main():
    args = arguments()
    args.folder.mkdir(parents=True, exist_ok=True)
    for model in args.models:
        file = args.folder / f"{model}.onnx"
        if args.action == "export":
            export(file, model)
        elif file.exists():
            measure(file, model, args)
        else:
            sys.exit(f"{file} is missing: export it first")


main()
