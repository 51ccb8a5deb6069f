"""Times training or inference of a torchvision network, or LeNet-5, on made-up images that are on the device already.

Prints one line of JSON: images a second by the median step, that step in ms, the most memory in bytes (of the GPU, or of
the whole process where the device is cpu). The networks are in channels-last order, cuDNN searches its algorithms, SGD
has momentum and weight decay in one fused launch. Training in float16 scales the loss. Dropout and auxiliary heads are
those of torchvision's own networks.
"""

import argparse
import json
import resource
import statistics
import sys
import time
import types

import torch

# The networks need none of torchvision's compiled operations, which a wheel of another index does not find.
sys.modules["torchvision._meta_registrations"] = types.ModuleType("none")
import torchvision

WARM_UP = {"cuda": 8, "cpu": 2}
SHAPE, CLASSES = (3, 224, 224), 1000
LENET_SHAPE, LENET_CLASSES = (1, 28, 28), 10
FORMATS = {"float32": None, "tf32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?", default="resnet50")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--threads", type=int, help="of the processor, where that is the device")
    parser.add_argument("--dtype", choices=FORMATS, default="bfloat16")
    parser.add_argument("--inference", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--versions", action="store_true", help="say what is installed and end")
    return parser.parse_args()


def versions(device):
    on_gpu = device.type == "cuda"
    if on_gpu and not torch.cuda.is_available():
        sys.exit("PyTorch finds no GPU")
    name = torch.cuda.get_device_name(device) if on_gpu else device.type
    return (f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, CUDA {torch.version.cuda}, "
            f"cuDNN {torch.backends.cudnn.version()}, {name}")


def lenet():
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, LENET_CLASSES))


def network(args, device):
    settings = {}
    if args.model == "googlenet":
        settings = {"init_weights": False, "aux_logits": not args.inference}
    net = lenet() if args.model == "lenet5" else getattr(torchvision.models, args.model)(**settings)
    return net.to(device, memory_format=torch.channels_last).train(not args.inference)


def loss_of(outputs, labels):
    cross_entropy = torch.nn.functional.cross_entropy
    if isinstance(outputs, torch.Tensor):
        return cross_entropy(outputs, labels)
    main, *heads = outputs
    return cross_entropy(main, labels) + 0.3 * sum(cross_entropy(head, labels) for head in heads)


def make_step(args, device):
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = args.dtype != "float32"
    net = network(args, device)
    shape, classes = (LENET_SHAPE, LENET_CLASSES) if args.model == "lenet5" else (SHAPE, CLASSES)
    images = torch.randn(args.batch_size, *shape, device=device).to(memory_format=torch.channels_last)
    labels = torch.randint(0, classes, (args.batch_size,), device=device)
    mode = "max-autotune" if device.type == "cuda" else None
    fast = torch.compile(net, mode=mode) if args.compile else net
    format16 = FORMATS[args.dtype]
    casts = torch.autocast(device.type, dtype=format16 or torch.bfloat16, enabled=format16 is not None)

    def infer():
        with torch.inference_mode(), casts:
            fast(images)

    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4, fused=True)
    scaler = torch.amp.GradScaler(device.type, enabled=format16 == torch.float16)

    def train():
        optimizer.zero_grad(set_to_none=True)
        with casts:
            loss = loss_of(fast(images), labels)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()

    return infer if args.inference else train


def seconds(step, device):
    start = time.perf_counter()
    step()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - start


def main():
    args = arguments()
    device = torch.device(args.device)
    if args.versions:
        print(versions(device))
        return
    if args.threads:
        torch.set_num_threads(args.threads)
    step = make_step(args, device)
    for _ in range(WARM_UP[device.type]):
        step()
    median = statistics.median(seconds(step, device) for _ in range(args.steps))
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    peak = torch.cuda.max_memory_allocated(device) if device.type == "cuda" else resident
    print(json.dumps({
        "model": args.model, "device": args.device, "mode": "inference" if args.inference else "training",
        "dtype": args.dtype, "batch": args.batch_size, "images_per_second": args.batch_size / median,
        "step_ms_median": median * 1e3, "peak_bytes": peak, "versions": versions(device)}))


main()
