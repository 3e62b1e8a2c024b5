"""The checkpoint's network in eight bits and by OpenVINO: how fast, and whether as right.

``python benchmarks/quantised.py speed|accuracy MANIFEST --photos FOLDER [--elsewhere MANIFEST]``,
for example with the checkpoint's own manifest and the folder that its paths start from. Needs the
extras ``train`` and ``evaluate``; OpenVINO is measured where ``pip install openvino`` was done. The
static quantisation learns its ranges from photos of the split ``train``; figures are of the split
``test`` and of ``--elsewhere``, compared on the same photos with the network as it is shipped. Each
measure is a part of ``benchmarks/results/quantised.json``.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import newest_checkpoint
from reddots.classifier.model import Classifier
from reddots.classifier.onnx_runtime import onnx_runtime
from reddots.classifier.preprocessing import prepare
from reddots.classifier.softmax import softmax
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.manifest import Manifest, read_manifest
from reddots.evaluation.aligned_models import Rival
from reddots.evaluation.compare import compare
from reddots.evaluation.core.scored import Scored
from reddots.knowledge import load
from reddots.training.dataset import LabelledPhotos, load_labelled

RESULTS = Path(__file__).parent / "results" / "quantised.json"
SHIPPED = "ONNX Runtime, float32 (as shipped)"
REPLICATES = 2000  # of the bootstrap
ROUNDS, RUNS = 12, 25  # of each network in turn; the best round counts
OPENVINO = tuple(
    f"OpenVINO, {way}"
    for way in ("float32", "bfloat16", "int8, ranges by MinMax", "int8, ranges by Percentile")
)
Image = npt.NDArray[np.float32]  # 1 × 3 × S × S
Network = Callable[[Image], npt.NDArray[np.float32]]


def main() -> None:
    """Quantise, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "accuracy"))
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--photos", type=Path, help="what its paths start from; its own folder")
    parser.add_argument("--elsewhere", type=Path, help="a manifest of photos from other sources")
    parser.add_argument("--checkpoint", type=Path, help="a side-car; the newest shipped one")
    parser.add_argument("--calibrate-on", type=int, default=512, help="photos of the split train")
    given = parser.parse_args()
    manifest = read_manifest(given.manifest)
    own = Manifest(given.photos or manifest.folder, manifest.rows)
    checkpoint = given.checkpoint or newest_checkpoint()
    classifier = Classifier.load(checkpoint)
    with tempfile.TemporaryDirectory() as place:
        learnt_from = sample(own.only("train"), given.calibrate_on, classifier)
        networks = all_networks(checkpoint, classifier, learnt_from, Path(place))
        figures: dict[str, Any] = {
            "model": classifier.model_name,
            "versions": versions(),
            "without": [name for name in OPENVINO if name not in networks],
        }
        if given.what == "speed":
            figures["networks"] = speeds(networks, classifier)
        else:
            sets = {"test": own.only("test")}
            if given.elsewhere:
                sets[given.elsewhere.parent.name] = read_manifest(given.elsewhere)
            figures["calibrated_on"] = len(learnt_from.rows)
            figures["photos"] = {n: rightness(networks, classifier, m) for n, m in sets.items()}
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    text = json.dumps(known | {given.what: figures}, indent=1) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {RESULTS}\n")


def versions() -> dict[str, str]:
    """Return what was measured with."""
    return {name: version(name) for name in ("onnxruntime", "openvino") if find_spec(name)}


def sample(manifest: Manifest, count: int, classifier: Classifier) -> LabelledPhotos:
    """Draw photos, the same ones each time."""
    order = np.random.default_rng(0).permutation(len(manifest.rows))[:count]
    return decoded(Manifest(manifest.folder, tuple(manifest.rows[i] for i in order)), classifier)


def decoded(manifest: Manifest, classifier: Classifier) -> LabelledPhotos:
    """Read the photos that the network has an output for."""
    side = classifier.side_car.input.resize
    categories = load().categories
    return load_labelled(manifest, classifier.outputs, categories, read_catalogue(), side)


def all_networks(
    checkpoint: Path, classifier: Classifier, photos: LabelledPhotos, place: Path
) -> dict[str, Network]:
    """Return every way to run the network, each on one thread."""
    shipped = checkpoint.with_suffix(".onnx")
    images = [prepare(pixels, classifier.side_car.input) for pixels in photos.pixels]
    found = {SHIPPED: by_onnx_runtime(shipped)}
    eight = {
        method: quantise(shipped, images, method, place) for method in ("MinMax", "Percentile")
    }
    for method, path in eight.items():
        found[f"ONNX Runtime, int8, ranges by {method}"] = by_onnx_runtime(path)
    if not find_spec("openvino"):
        sys.stderr.write("OPENVINO IS NOT MEASURED: it is not installed\n")
        return found
    files = [(shipped, "f32"), (shipped, "bf16"), *((path, "f32") for path in eight.values())]
    for name, (path, precision) in zip(OPENVINO, files, strict=True):
        if survives(path, precision):
            found[name] = by_openvino(path, precision)
        else:
            sys.stderr.write(f"{name}, IS NOT MEASURED: it ended its process\n")
    return found


def survives(path: Path, precision: str) -> bool:
    """Whether OpenVINO opens a network, tried in a process of its own."""
    code = (
        "import runpy, sys; from pathlib import Path; "
        "runpy.run_path(sys.argv[1])['by_openvino'](Path(sys.argv[2]), sys.argv[3])"
    )
    command = [sys.executable, "-c", code, __file__, str(path), precision]
    return subprocess.run(command, check=False).returncode == 0  # our own code


def quantise(shipped: Path, images: Sequence[Image], method: str, place: Path) -> Path:
    """Write the network with weights and activations of eight bits; return where."""
    onnx_runtime()  # before anything else imports it: without its statistics
    from onnxruntime import quantization as q
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Images(q.CalibrationDataReader):
        def __init__(self) -> None:
            self.set_range(0, len(images))

        def __len__(self) -> int:
            return len(images)

        def set_range(self, start_index: int, end_index: int) -> None:
            self._rest = iter(images[start_index:end_index])

        def get_next(self) -> dict[str, Image] | None:
            image = next(self._rest, None)
            return None if image is None else {"image": image}

    ready, path = place / "ready.onnx", place / f"{method}.onnx"
    quant_pre_process(str(shipped), str(ready), skip_symbolic_shape=True)
    q.quantize_static(
        str(ready),
        str(path),
        Images(),
        quant_format=q.QuantFormat.QDQ,
        per_channel=True,
        activation_type=q.QuantType.QUInt8,
        weight_type=q.QuantType.QInt8,
        calibrate_method=q.CalibrationMethod[method],
        # All that the network works out for so many photos is in memory at once: 90 MB for each.
        extra_options={"CalibPercentile": 99.99, "CalibStridedMinMax": 16},
    )
    return path


def by_onnx_runtime(path: Path) -> Network:
    """Open a network as the product does."""
    ort = onnx_runtime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda image: np.asarray(session.run(["logits"], {"image": image})[0][0])


def by_openvino(path: Path, precision: str) -> Network:
    """Open a network with OpenVINO, for one photo at a time."""
    import openvino as ov

    core = ov.Core()
    model = core.read_model(path)
    size = model.input("image").partial_shape
    model.reshape({"image": [1, *[int(n.get_length()) for n in list(size)[1:]]]})
    options = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision,
    }
    request = core.compile_model(model, "CPU", options).create_infer_request()

    def run(image: Image) -> npt.NDArray[np.float32]:
        request.infer({"image": image})
        return np.array(request.get_tensor("logits").data[0])

    return run


def speeds(networks: Mapping[str, Network], classifier: Classifier) -> dict[str, dict[str, float]]:
    """Return processor milliseconds of one photo, networks taking turns, and the ratio."""
    size = classifier.side_car.input.size
    image = np.random.default_rng(0).normal(0, 1, (1, 3, size, size)).astype(np.float32)
    least = dict.fromkeys(networks, float("inf"))
    for _ in range(ROUNDS):
        for name, network in networks.items():
            network(image)
            start = time.process_time()
            for _ in range(RUNS):
                network(image)
            least[name] = min(least[name], (time.process_time() - start) / RUNS * 1000)
    return {
        name: {"processor_ms": round(ms, 2), "times_as_fast": round(least[SHIPPED] / ms, 2)}
        for name, ms in least.items()
    }


def rightness(
    networks: Mapping[str, Network], classifier: Classifier, manifest: Manifest
) -> dict[str, Any]:
    """Return each network's figures on photos it never learnt from, and its gap to the first."""
    photos = decoded(manifest, classifier)
    probabilities = dict(looked_at(networks, classifier, photos))
    groups = [row.group for row in photos.rows]
    rivals = [
        Rival(name, Scored.of_truth(classifier.outputs, p, photos.truth, groups))
        for name, p in probabilities.items()
    ]
    report = compare(rivals, replicates=REPLICATES)
    shipped = probabilities[SHIPPED]
    gaps = {pair["second"]: pair for pair in report["pairs"] if pair["first"] == SHIPPED}
    return {
        "n": report["n"],
        "networks": {
            name: {
                "agreement": float((p.argmax(axis=1) == shipped.argmax(axis=1)).mean()),
                "largest_difference": float(np.abs(p - shipped).max()),
                **figures_of(report["models"][name], classifier.outputs),
                **(gap_of(gaps[name]) if name in gaps else {}),
            }
            for name, p in probabilities.items()
        },
    }


def looked_at(
    networks: Mapping[str, Network], classifier: Classifier, photos: LabelledPhotos
) -> Iterator[tuple[str, npt.NDArray[np.float64]]]:
    """Yield each network's probabilities (photos × outputs), calibrated as they are in use."""
    spec, temperature = classifier.side_car.input, classifier.side_car.temperature
    logits: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in networks}
    for pixels in photos.pixels:
        image = prepare(pixels, spec)
        for name, network in networks.items():
            logits[name].append(network(image))
    for name, found in logits.items():
        yield name, softmax(np.stack(found), temperature)


def figures_of(model: Mapping[str, float | None], outputs: Sequence[str]) -> dict[str, Any]:
    """Return what the table shows of one network."""
    areas = {o: a for o in outputs if (a := model[f"auroc.{o}"]) is not None}
    return {
        **{n: model[n] for n in ("accuracy", "balanced_accuracy", "log_loss", "ece")},
        "mean_auroc": float(np.mean(list(areas.values()))),
        "auroc": areas,
    }


def gap_of(pair: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is lost or won against the first network, with intervals and tests."""
    return {
        "against_shipped": {
            name: {key: pair["differences"][name][key] for key in ("difference", "difference_ci")}
            for name in ("accuracy", "balanced_accuracy", "log_loss")
        }
        | {"mcnemar_p": pair["mcnemar"]["p"]}
    }


if __name__ == "__main__":
    main()
