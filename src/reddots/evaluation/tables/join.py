"""Predictions joined to their truth, by path and by hash; every row is accounted for."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reddots.errors import TableError
from reddots.evaluation.core.sample import Account, Sample, Uncovered
from reddots.evaluation.core.scored import Flags, Scored, Whole
from reddots.evaluation.tables.ground_truth import Truth, masks
from reddots.evaluation.tables.predictions import PREFIX, ROUNDING, Predictions
from reddots.knowledge.categories import Category
from reddots.tabular.columns import Texts

_NAMED = 5  # cells that are named in full; the rest is counted


def join(
    predictions: Predictions,
    truth: Truth,
    categories: Mapping[str, Category],
    attributes: Sequence[str] = (),
) -> Sample:
    """Join predictions to the truth by path, and by hash where no path fits.

    Args:
        predictions: what a model said.
        truth: what the photos show.
        categories: what labels may be called, by id.
        attributes: columns of the manifest to keep, for subgroups.

    Raises:
        TableError: not one prediction can be judged; the message says why.
    """
    found, by_hash = _places(predictions, truth)
    listed_first, conflicting = _doubles(truth)
    known = found >= 0
    first = np.zeros(len(found), dtype=bool)
    rows = np.flatnonzero(known)
    first[rows[np.unique(found[rows], return_index=True)[1]]] = True
    label = np.full(len(found), "", dtype=object)
    label[known] = truth.label[found[known]]
    clear = first & ~conflicting[found]
    meant = masks(label, predictions.outputs, categories)
    covered = clear & meant.may.any(axis=1)
    whole = ~np.isnan(predictions.probabilities).any(axis=1)
    judged = np.flatnonzero(covered & whole)
    empty = np.flatnonzero(covered & ~whole)
    uncovered = np.flatnonzero(clear & whole & (label != "") & ~covered)
    if not len(judged):
        raise TableError(_why_none(predictions, truth, known, covered))
    own = found[judged]
    scored = Scored(
        predictions.outputs,
        predictions.probabilities[judged],
        meant.may[judged],
        meant.surely[judged],
        np.unique(truth.group[own].astype(str), return_inverse=True)[1].reshape(-1),
    )
    predicted = np.zeros(len(truth.label), dtype=bool)
    predicted[found[known]] = True
    absent = listed_first & ~predicted & ~conflicting
    never = masks(truth.label[absent], predictions.outputs, categories).may.any(axis=1).sum()
    account = Account(
        predictions=len(found),
        manifest=len(truth.label),
        unknown=int((~known).sum()),
        by_sha256=int(by_hash.sum()),
        duplicates=int((known & ~first).sum()),
        other_hash=_other_hash(predictions, truth, found),
        not_predicted=int(absent.sum()),
        conflicting=int((first & conflicting[found]).sum()),
        unlabelled=int((clear & (label == "")).sum()),
        uncovered=int((clear & (label != "") & ~covered).sum()),
        no_prediction=len(empty),
        rejected=int((predictions.status[judged] == "rejected").sum()),
        rescaled=int((np.abs(predictions.sums[judged] - 1) > ROUNDING).sum()),
        disagreeing=predictions.disagreeing,
        coarse=int((~scored.exact).sum()),
        judged=len(judged),
    )
    names = [n for n in attributes if n in truth.columns.names]
    return Sample(
        scored=scored,
        rows=own,
        photo=_texts(predictions.photo, judged),
        sha256=_texts(predictions.sha256, judged),
        label=label[judged],
        status=predictions.status[judged],
        quality=predictions.quality[judged],
        abstained=predictions.abstained[judged],
        see_doctor=predictions.see_doctor[judged],
        sets=None if predictions.sets is None else predictions.sets[judged],
        attributes={name: truth.columns.texts(name)[own] for name in names},
        folder=truth.path.parent,
        listed=_texts(truth.photo, own),
        uncovered=Uncovered(predictions.probabilities[uncovered], label[uncovered]),
        eligible=len(judged) + len(empty) + int(never),
        model=predictions.model,
        account=account,
        useless=_useless(predictions, empty),
    )


def _places(predictions: Predictions, truth: Truth) -> tuple[Whole, Flags]:
    """Return each prediction's row in the manifest, or -1, and which were found by hash."""
    found = _index(predictions.photo, truth.photo)
    lost = np.flatnonzero(found < 0)
    if len(lost):
        folder = truth.path.parent
        listed = pa.array([os.path.abspath(folder / p) for p in truth.photo.to_pylist()])  # noqa: PTH100
        named = predictions.photo.take(pa.array(lost)).to_pylist()
        found[lost] = _index(pa.array([os.path.abspath(p) for p in named]), listed)  # noqa: PTH100
    by_hash = np.zeros(len(found), dtype=bool)
    lost = np.flatnonzero(found < 0)
    if len(lost):
        hashes = pc.utf8_lower(predictions.sha256.take(pa.array(lost)))
        places = _index(hashes, pc.utf8_lower(truth.sha256))
        found[lost] = places
        by_hash[lost] = places >= 0
    return found, by_hash


def _index(wanted: Any, among: Any) -> Whole:
    """Return where each text first stands among others, or -1; an empty one stands nowhere."""
    places = pc.index_in(wanted, value_set=among)
    places = pc.if_else(pc.equal(wanted, ""), pa.scalar(None, pa.int32()), places)
    result: Whole = pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    return result


def _doubles(truth: Truth) -> tuple[Flags, Flags]:
    """Return which rows of the manifest are a photo's first, and which have a rival label."""
    first = _index(truth.photo, truth.photo)
    own = np.arange(len(first))
    rivals = first[(first != own) & (truth.label[first] != truth.label)]
    conflicting = np.zeros(len(first), dtype=bool)
    conflicting[rivals] = True
    return first == own, conflicting


def _other_hash(predictions: Predictions, truth: Truth, found: Whole) -> int:
    rows = np.flatnonzero(found >= 0)
    said = pc.utf8_lower(predictions.sha256.take(pa.array(rows)))
    listed = pc.utf8_lower(truth.sha256.take(pa.array(found[rows])))
    both = pc.and_(pc.not_equal(said, ""), pc.not_equal(listed, ""))
    return int(pc.sum(pc.and_(both, pc.not_equal(said, listed))).as_py() or 0)


def _texts(column: Any, rows: Whole) -> Texts:
    return np.array(column.take(pa.array(rows)).to_pylist(), dtype=object)


def _useless(predictions: Predictions, empty: Whole) -> tuple[str, ...]:
    """Name the first cells because of which a row is no prediction, though it is no error row."""
    places = []
    for row in empty[predictions.missing[empty]][:_NAMED]:
        values = predictions.columns
        column = next(
            name
            for name in values.names
            if name.startswith(PREFIX) and np.isnan(values.numbers(name)[row])
        )
        places.append(values.at(int(row), column))
    return tuple(places)


def _why_none(predictions: Predictions, truth: Truth, known: Flags, covered: Flags) -> str:
    start = f"Not one row of {predictions.path} can be judged: "
    if not known.any():
        return (
            start + f"no photo is listed in {truth.path}. The table begins with "
            f"“{predictions.photo[0].as_py()}”, the manifest with “{truth.photo[0].as_py()}”; "
            "paths or hashes (sha256) must agree."
        )
    if not covered.any():
        labels = sorted({str(word) for word in truth.label if word})[:_NAMED]
        return (
            start + f"no label of {truth.path} ({', '.join(labels) or 'all are empty'}) is an "
            f"output of the table ({', '.join(predictions.outputs)}). Labels and columns can be "
            "mapped: --map-label, --map."
        )
    return start + "every row of a labelled photo lacks probabilities."
