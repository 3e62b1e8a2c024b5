"""Samples from arrays: labels and scores in memory instead of files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.sample import Account, Sample, Uncovered
from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole, is_off
from reddots.evaluation.tables.ground_truth import masks
from reddots.knowledge.categories import Category
from reddots.tabular.columns import Texts

_SLACK = 1e-6


def sample_from_arrays(
    labels: Sequence[Any],
    probabilities: Floats,
    classes: Sequence[str],
    *,
    task: str = "multiclass",
    groups: Sequence[Any] | None = None,
    attributes: Mapping[str, Sequence[Any]] | None = None,
    weights: Sequence[float] | None = None,
    categories: Mapping[str, Category] | None = None,
) -> Sample:
    """Return a sample of N photos.

    Args:
        labels: N names of classes; ``a|b`` is one of them, ``a;b`` is both, ``none`` is none.
        probabilities: N × K.
        classes: K names.
        task: ``multiclass``, ``binary`` or ``multilabel``.
        groups: N patients; each photo its own where None.
        attributes: by name N values, for subgroups.
        weights: N, how much each photo counts.
        categories: by which labels may be finer or coarser than classes.

    Raises:
        TableError: lengths differ, a number is no probability, or no label is a class.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    words: Texts = np.array([str(label) for label in labels], dtype=object)
    if p.ndim != 2 or p.shape != (len(words), len(classes)):
        raise TableError(
            f"Scores need a row for each of the {len(words)} labels and a column for each of the "
            f"{len(classes)} classes, not the shape {p.shape}."
        )
    if np.isnan(p).any() or (p < -_SLACK).any() or (p > 1 + _SLACK).any():
        raise TableError("Scores are probabilities from 0 to 1, without missing ones.")
    sums = p.sum(axis=1)
    far = is_off(sums) & (sums > 0) & (task != "multilabel")
    p = np.where(far[:, None], p / np.where(sums > 0, sums, 1)[:, None], p)
    meant = masks(words, classes, categories or {})
    nothing = (words == "none") & (task == "multilabel")
    covered = meant.possible.any(axis=1) | nothing
    if not covered.any():
        raise TableError(
            f"No label ({', '.join(sorted(set(words))[:5])}) is a class ({', '.join(classes)})."
        )
    names = np.arange(len(words)) if groups is None else np.asarray(groups).astype(str)
    own = [np.asarray(names)[covered], np.asarray(names)[~covered]]
    _, first, codes = np.unique(np.concatenate(own), return_index=True, return_inverse=True)
    numbers: Whole = np.argsort(np.argsort(first))[codes.reshape(-1)]
    scored = Scored(
        tuple(classes),
        p[covered],
        meant.possible[covered],
        meant.certain[covered],
        numbers[: int(covered.sum())],
        None if weights is None else np.asarray(weights, dtype=np.float64)[covered],
    )
    uncovered = Uncovered(
        p[~covered],
        words[~covered],
        numbers[len(scored) :],
        np.full(int((~covered).sum()), np.nan),
    )
    sample = _sample(scored, uncovered, words, covered, attributes or {})
    account = replace(sample.account, rescaled=int(far[covered].sum()))
    column = "" if groups is None else "groups"
    return replace(sample, account=account, group_column=column, task=task)


def _sample(
    scored: Scored,
    uncovered: Uncovered,
    words: Texts,
    covered: Flags,
    attributes: Mapping[str, Sequence[Any]],
) -> Sample:
    count, nobody = len(scored), np.full(len(scored), np.nan)
    empty: Texts = np.full(count, "", dtype=object)
    places: Texts = np.array([str(i) for i in np.flatnonzero(covered)], dtype=object)
    account = dict.fromkeys(Account.__dataclass_fields__, 0) | {
        "predictions": len(words),
        "manifest": len(words),
        "judged": count,
        "uncovered": len(uncovered),
        "coarse": int((~scored.exact).sum()),
    }
    columns = {
        name: np.array(["" if v is None else str(v) for v in column], dtype=object)[covered]
        for name, column in attributes.items()
    }
    return Sample(
        scored=scored,
        rows=np.flatnonzero(covered),
        photo=places,
        sha256=empty,
        label=words[covered],
        status=empty,
        quality=empty,
        abstained=nobody,
        see_doctor=nobody,
        sets=None,
        attributes=columns,
        folder=Path(),
        listed=places,
        uncovered=uncovered,
        eligible=count,
        model=(),
        account=Account(**account),
        useless=(),
    )
