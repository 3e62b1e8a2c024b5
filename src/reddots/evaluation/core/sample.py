"""The evaluated sample: the photos that are evaluated, and where every other row went."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole
from reddots.tabular.columns import Numbers, Texts


@dataclass(frozen=True)
class Account:
    """Where every row went; each is a count.

    Attributes:
        predictions, manifest: rows of the two files.
        unknown: predictions of photos that the manifest does not list.
        by_sha256: predictions found in the manifest by their hash, as the paths differ.
        duplicates: further predictions of a photo that has one already; the first counts.
        other_hash: photos of the same path whose hash is not the manifest's.
        not_predicted: photos of the manifest without any row in the table.
        conflicting: photos that the manifest lists twice with different labels; left out.
        unlabelled: predicted photos that nobody labelled.
        uncovered: predicted photos whose label no output covers.
        no_prediction: labelled, covered photos whose row has no whole set of probabilities.
        rejected: evaluated photos that the model turned away; their probabilities count.
        rescaled: evaluated photos whose probabilities were divided by their sum, to sum to 1.
        disagreeing: rows whose ``category`` is not the likeliest output.
        coarse: evaluated photos whose truth is not a single output.
        judged: photos that every metric is computed from.
    """

    predictions: int
    manifest: int
    unknown: int
    by_sha256: int
    duplicates: int
    other_hash: int
    not_predicted: int
    conflicting: int
    unlabelled: int
    uncovered: int
    no_prediction: int
    rejected: int
    rescaled: int
    disagreeing: int
    coarse: int
    judged: int

    def to_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Uncovered:
    """Photos with a prediction whose label no output covers: M rows.

    Attributes:
        probabilities: M × K.
        label: M.
        groups: M, numbered together with those of the scored photos.
        see_doctor: M, 1, 0 or NaN.
    """

    probabilities: Floats
    label: Texts
    groups: Whole
    see_doctor: Numbers

    def __len__(self) -> int:
        return len(self.probabilities)


@dataclass(frozen=True, eq=False)
class Sample:
    """The photos that are evaluated (N), in the table's order, and those that are not.

    Attributes:
        scored: probabilities and truth.
        rows: N, each photo's row in the manifest, from 0.
        photo, sha256, label, status, quality: N texts each.
        abstained, see_doctor: N, 1, 0 or NaN.
        sets: N × K, or None when the table has no prediction sets.
        attributes: columns of the manifest by name, N texts each, for subgroups.
        folder: what the manifest's paths start from.
        listed: the photos' paths as the manifest has them, N texts.
        uncovered: photos with a label that no output covers.
        eligible: photos whose label the outputs cover, predicted or not.
        model: names of the models in the table.
        account: where every row went.
        unknown_in_sets: rows whose prediction set names what is no output, by that name.
        group_column: the truth's column of groups; empty where it has none.
        task: ``multiclass``, ``binary`` or ``multilabel``.
        matched_by: how photos were matched: ``path``, ``name`` or ``stem``.
        useless: cells that leave a row without a prediction, in words; the first few.
    """

    scored: Scored
    rows: Whole
    photo: Texts
    sha256: Texts
    label: Texts
    status: Texts
    quality: Texts
    abstained: Numbers
    see_doctor: Numbers
    sets: Flags | None
    attributes: Mapping[str, Texts]
    folder: Path
    listed: Texts
    uncovered: Uncovered
    eligible: int
    model: tuple[str, ...]
    account: Account
    useless: tuple[str, ...]
    unknown_in_sets: Mapping[str, int] = field(default_factory=dict)
    group_column: str = ""
    task: str = "multiclass"
    matched_by: str = "path"

    def everyone(self) -> Scored:
        """Return all labelled photos with a prediction: the N scored, then the M uncovered.

        The truth of an uncovered photo is none of the classes, so that every prediction is wrong.
        """
        own, more = self.scored, self.uncovered
        nothing = np.zeros((len(more), len(own.outputs)), dtype=bool)
        return Scored(
            own.outputs,
            np.concatenate([own.probabilities, more.probabilities]),
            np.concatenate([own.possible, nothing]),
            np.concatenate([own.certain, nothing]),
            np.concatenate([own.groups, more.groups]),
            None if own.weights is None else np.append(own.weights, np.ones(len(more))),
            None
            if own.decision is None
            else np.append(own.decision, more.probabilities.argmax(axis=1)),
        )
