"""Shortcut probes: how far labels can be predicted from file, border or background alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.datasets.manifest import Manifest, Row
from reddots.datasets.quality.check import check
from reddots.errors import PhotoError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Floats, Scored, Whole
from reddots.evaluation.metrics.inference.bootstrap import Statistic, interval, resample
from reddots.evaluation.shortcuts.views import VIEWS, look
from reddots.evaluation.tables.ground_truth import Truth

FOLDS = 5
LEAST = 10  # photos that a class needs to be probed for
_REPLICATES = 400
_LISTED = 50  # issues that the report names; the rest is counted


def check_photos(truth: Truth) -> dict[str, Any]:
    """Return what ``reddots data check`` finds: counts by kind and the first issues."""
    columns = {n: truth.columns.texts(n) for n in ("dataset", "split")}
    rows = tuple(
        Row(
            photo=str(photo),
            label=str(truth.label[i]),
            dataset=str(columns["dataset"][i]),
            group=str(truth.group[i]),
            split=str(columns["split"][i]),
            sha256=str(sha256).lower(),
        )
        for i, (photo, sha256) in enumerate(
            zip(truth.photo.to_pylist(), truth.sha256.to_pylist(), strict=True)
        )
    )
    issues = check(Manifest(truth.path.parent, rows))
    kinds = sorted({f.kind for f in issues})
    return {
        "photos": len(rows),
        "counts": {kind: sum(f.kind == kind for f in issues) for kind in kinds},
        "issues": [{"kind": f.kind, "photo": f.photo, "text": f.text} for f in issues[:_LISTED]],
    }


def probe_shortcuts(
    sample: Sample, gate: str | None, seed: int, on_photo: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Return how well simple probes tell the truth from views that do not show the lesion.

    Each probe is a logistic regression on coarse colour statistics of a view, judged on folds that
    tear no group apart, so that it only finds cues that hold across groups. ``share_of_model`` is
    (probe − chance) / (model − chance) in balanced accuracy: how much of what the model achieves is
    there to be had without the lesion (Winkler et al. 2019; Bissoto et al. 2019). Photos without
    skin are left out, as they have no lesion.

    Args:
        sample: the photos, which must be beside the manifest.
        gate: the output for photos without skin, if any.
        seed: of folds and bootstrap.
        on_photo: called after each photo.
    """
    views: dict[str, list[Floats]] = {name: [] for name in VIEWS}
    rows = []
    for row in probed_rows(sample, gate):
        try:
            seen = look(sample.folder / sample.listed[row])
        except PhotoError:
            seen = None
        if on_photo:
            on_photo()
        if seen is not None:
            rows.append(int(row))
            for name, numbers in seen.items():
                views[name].append(numbers)
    kept = np.array(rows, dtype=np.intp)
    truth = sample.scored.possible[kept].argmax(axis=1) if len(kept) else kept
    enough = np.isin(truth, np.flatnonzero(np.bincount(truth) >= LEAST)) if len(kept) else truth > 0
    result: dict[str, Any] = {
        "looked_at": len(kept),
        "n": int(enough.sum()),
        "least": LEAST,
        "truth": None,
        "source": None,
    }
    features = {name: np.array(found)[enough] for name, found in views.items()} if rows else {}
    kept, truth = kept[enough], truth[enough]
    groups = sample.scored.groups[kept]
    model = _balanced(truth, sample.scored.predicted[kept])
    result["truth"] = _probes(features, truth, groups, seed, model)
    if "dataset" in sample.attributes and len(kept):
        source = np.unique(sample.attributes["dataset"][kept].astype(str), return_inverse=True)[1]
        common = np.flatnonzero(np.bincount(source) >= LEAST)
        own = np.isin(source, common)
        chosen = {name: found[own] for name, found in features.items()}
        result["source"] = _probes(chosen, source[own], groups[own], seed, None)
    return result


def probed_rows(sample: Sample, gate: str | None) -> Whole:
    """Return the photos of skin whose truth is a single output."""
    scored = sample.scored
    kept = scored.exact.copy()
    if gate in scored.outputs:
        kept &= ~scored.possible[:, scored.outputs.index(gate)]
    return np.flatnonzero(kept)


def _probes(
    features: dict[str, Floats], target: Whole, groups: Whole, seed: int, model: float | None
) -> dict[str, Any] | None:
    classes = np.unique(target)
    if len(classes) < 2 or len(np.unique(groups)) < FOLDS:  # to tell apart
        return None
    chance = 1 / len(classes)
    codes = np.unique(groups, return_inverse=True)[1].reshape(-1)
    truth = target[:, None] == classes
    photos = Scored(tuple(map(str, classes)), truth.astype(np.float64), truth, truth, codes)
    probes = {}
    for name, found in features.items():
        said = cross_predict(found, target, codes, seed)
        value = _balanced(target, said)
        balanced = Statistic(_balanced_under(target, said), stratified=True)
        drawn = resample({"x": balanced}, photos, _REPLICATES, seed).get("x")
        probes[name] = {
            "balanced_accuracy": value,
            "balanced_accuracy_ci": interval(drawn),
            "share_of_model": (value - chance) / (model - chance)
            if model is not None and model > chance
            else None,
        }
    return {"classes": len(classes), "chance": chance, "model": model, "probes": probes}


def cross_predict(features: Floats, target: Whole, groups: Whole, seed: int) -> Whole:
    """Return what a logistic regression says of each row when its whole group is held out.

    Args:
        features: N × D.
        target: N classes.
        groups: N, never torn apart.
        seed: of the folds.
    """
    import warnings

    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    said: Whole = np.full(len(target), -1, dtype=np.intp)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a class is in few folds is to be expected
        for train, held_out in folds.split(features, target, groups):
            if len(np.unique(target[train])) < 2:
                said[held_out] = target[train][0]
                continue
            regression = LogisticRegression(C=0.05, class_weight="balanced", max_iter=500)
            probe = make_pipeline(StandardScaler(), regression)
            probe.fit(features[train], target[train])
            said[held_out] = probe.predict(features[held_out])
    return said


def _balanced(truth: Whole, said: Whole) -> float:
    return float(_balanced_under(truth, said)(np.ones(len(truth)))) if len(truth) else float("nan")


def _balanced_under(truth: Whole, said: Whole) -> Callable[[Floats], npt.NDArray[np.float64]]:
    right = (truth == said).astype(np.float64)

    def figure(weights: Floats) -> npt.NDArray[np.float64]:
        total = np.bincount(truth, weights=weights)
        hits = np.bincount(truth, weights=weights * right)
        present = total > 0
        return np.asarray((hits[present] / total[present]).mean())

    return figure
