"""Join of predictions and truth, by path, hash, name or stem; every row is accounted for."""

import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reddots.errors import TableError
from reddots.evaluation.core.sample import Account, Sample, Uncovered
from reddots.evaluation.core.scored import Flags, Scored, Whole, is_off
from reddots.evaluation.tables.detect import PREFIX, attribute_column
from reddots.evaluation.tables.ground_truth import NOTHING, Truth, masks
from reddots.evaluation.tables.predictions import (
    BINARY,
    MULTILABEL,
    REST,
    YES,
    Predictions,
)
from reddots.knowledge.categories import Category
from reddots.tabular.columns import Texts

AUTO, PATH, NAME, STEM = "auto", "path", "name", "stem"
MATCHES = (AUTO, PATH, NAME, STEM)
_NAMED = 5  # cells that are named in full; the rest is counted


def join(
    predictions: Predictions,
    truth: Truth,
    categories: Mapping[str, Category],
    attributes: Sequence[str] = (),
    match: str = AUTO,
) -> Sample:
    """Join predictions to the truth by path, and by hash where no path fits.

    Args:
        predictions: what a model said.
        truth: what the photos show.
        categories: what labels may be called, by id.
        attributes: columns of the manifest to keep, for subgroups.
        match: one of ``MATCHES``: by ``path``, by the file's ``name`` or its ``stem`` (the name
            without ending); ``auto`` takes the first of these by which any photo is found.

    Raises:
        TableError: not one prediction can be evaluated; the message says why.
    """
    found, by_hash, matched = _matched(predictions, truth, match)
    labels = _labels_for(predictions, truth)
    listed_first, conflicting = _doubles(truth, labels)
    known = found >= 0
    first = np.zeros(len(found), dtype=bool)
    rows = np.flatnonzero(known)
    first[rows[np.unique(found[rows], return_index=True)[1]]] = True
    label = np.full(len(found), "", dtype=object)
    label[known] = labels[found[known]]
    clear = first & ~conflicting[found]
    meant = masks(label, predictions.outputs, categories)
    nothing = (label == NOTHING) & (predictions.task == MULTILABEL)
    covered = clear & (meant.possible.any(axis=1) | nothing)
    whole = ~np.isnan(predictions.probabilities).any(axis=1)
    if predictions.decision is not None:
        whole &= predictions.decision >= 0
    judged = np.flatnonzero(covered & whole)
    empty = np.flatnonzero(covered & ~whole)
    uncovered = np.flatnonzero(clear & whole & (label != "") & ~covered)
    if not len(judged):
        raise TableError(_why_none(predictions, truth, known, covered))
    own = found[judged]
    groups = _group_numbers(truth.group[own], truth.group[found[uncovered]])
    scored = Scored(
        predictions.outputs,
        predictions.probabilities[judged],
        meant.possible[judged],
        meant.certain[judged],
        groups[: len(judged)],
        None if truth.weight is None else truth.weight[own],
        None if predictions.decision is None else predictions.decision[judged],
    )
    predicted = np.zeros(len(labels), dtype=bool)
    predicted[found[known]] = True
    absent = listed_first & ~predicted & ~conflicting
    never = masks(labels[absent], predictions.outputs, categories).possible.any(axis=1).sum()
    account = Account(
        predictions=len(found),
        manifest=len(labels),
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
        rescaled=int(is_off(predictions.sums[judged]).sum()),
        disagreeing=predictions.disagreeing,
        coarse=int((~scored.exact).sum()),
        judged=len(judged),
    )
    names = {n: attribute_column(truth.columns, n) for n in attributes}
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
        attributes={
            name: truth.columns.texts(column)[own]
            for name, column in names.items()
            if column is not None
        },
        folder=truth.path.parent,
        listed=_texts(truth.photo, own),
        uncovered=Uncovered(
            predictions.probabilities[uncovered],
            label[uncovered],
            groups[len(judged) :],
            predictions.see_doctor[uncovered],
        ),
        eligible=len(judged) + len(empty) + int(never),
        model=predictions.model,
        account=account,
        useless=_useless(predictions, empty),
        unknown_in_sets=predictions.unknown_in_sets,
        group_column=truth.group_column,
        task=predictions.task,
        matched_by=matched,
    )


def _labels_for(predictions: Predictions, truth: Truth) -> Texts:
    """Return the truth's labels; those of a table of one class are it, or the rest.

    Raises:
        TableError: no label is the class of the table.
    """
    outputs = predictions.outputs
    if predictions.task != BINARY or not outputs[1].startswith(REST):
        return truth.label
    words = {str(w) for w in truth.label if w}
    hits = words & {outputs[0]} or {w for w in words if w.lower() in YES}
    if not hits:
        raise TableError(
            f"No label of {truth.path} ({', '.join(sorted(words)[:_NAMED])}) is “{outputs[0]}”, "
            "the class of the table. Name it with --positive, or map labels with --map-label."
        )
    named = {w: "" if not w else outputs[0] if w in hits else outputs[1] for w in {*words, ""}}
    return np.array([named[w] for w in truth.label], dtype=object)


def _matched(predictions: Predictions, truth: Truth, match: str) -> tuple[Whole, Flags, str]:
    """Return each prediction's row in the manifest, or -1, which were found by hash, and how.

    Raises:
        TableError: the way of matching is unknown, or photos of the manifest share a name.
    """
    if match not in MATCHES:
        raise TableError(f"“{match}” is no way to match; they are {', '.join(MATCHES)}.")
    if match in {AUTO, PATH}:
        found, by_hash = _places(predictions, truth)
        if match == PATH or (found >= 0).any():
            return found, by_hash, PATH
    for way in (NAME, STEM) if match == AUTO else (match,):
        listed, named = (_keys(column, way) for column in (truth.photo, predictions.photo))
        found = _index(named, listed)
        if (found >= 0).any() or match != AUTO:
            _require_unique(listed, found, truth, way)
            break
    return found, np.zeros(len(found), dtype=bool), way


def _keys(photos: Any, way: str) -> Any:
    paths = (PurePath(str(p).replace("\\", "/")) for p in photos.to_pylist())
    return pa.array([p.name if way == NAME else p.stem for p in paths], pa.string())


def _require_unique(listed: Any, found: Whole, truth: Truth, way: str) -> None:
    codes = _index(listed, listed)
    paths = np.array(truth.photo.to_pylist(), dtype=object)
    twice = np.flatnonzero((codes != np.arange(len(codes))) & (paths != paths[codes]))
    bad = set(codes[twice]) & set(found[found >= 0])
    if bad:
        row = min(bad)
        raise TableError(
            f"Several photos of {truth.path} have the {way} “{listed[int(row)].as_py()}”, so that "
            f"photos cannot be matched by it: --match {PATH}."
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


def _group_numbers(scored: Texts, uncovered: Texts) -> Whole:
    """Return the numbers of groups, those of scored photos first."""
    names = np.concatenate([scored, uncovered]).astype(str)
    _, first, codes = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    numbers: Whole = order[codes.reshape(-1)]
    return numbers


def _index(wanted: Any, among: Any) -> Whole:
    """Return where each text first stands among others, or -1; an empty one stands nowhere."""
    places = pc.index_in(wanted, value_set=among)
    places = pc.if_else(pc.equal(wanted, ""), pa.scalar(None, pa.int32()), places)
    result: Whole = pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    return result


def _doubles(truth: Truth, labels: Texts) -> tuple[Flags, Flags]:
    """Return which rows of the manifest are a photo's first, and which have a rival label."""
    first = _index(truth.photo, truth.photo)
    own = np.arange(len(first))
    rivals = first[(first != own) & (labels[first] != labels)]
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
    start = f"Not one row of {predictions.path} can be evaluated: "
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
