"""Join of predictions and truth, by path, hash, name or stem; every row is accounted for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from reddots.errors import TableError
from reddots.evaluation.core.sample import Account, Sample, Uncovered
from reddots.evaluation.core.scored import Flags, Scored, Whole, is_off
from reddots.evaluation.tables.column_map import BINARY, MULTILABEL
from reddots.evaluation.tables.detect import PREFIX, attribute_column
from reddots.evaluation.tables.ground_truth import NOTHING, Truth, masks
from reddots.evaluation.tables.match import AUTO, count_other_hash, first_listed, match_photos
from reddots.evaluation.tables.predictions import REST, YES, Predictions
from reddots.knowledge.categories import Category
from reddots.tabular.columns import Texts

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
    found, by_hash, matched = match_photos(predictions, truth, match)
    labels = _labels_for(predictions, truth)
    listed_first, conflicting = first_listed(truth, labels)
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
        other_hash=count_other_hash(predictions, truth, found),
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
            "the class of the table. Say which one it is: --positive LABEL, or --map-label "
            f"LABEL={outputs[0]}; or name another column of labels: --label-column."
        )
    named = {w: "" if not w else outputs[0] if w in hits else outputs[1] for w in {*words, ""}}
    return np.array([named[w] for w in truth.label], dtype=object)


def _group_numbers(scored: Texts, uncovered: Texts) -> Whole:
    """Return the numbers of groups, those of scored photos first."""
    names = np.concatenate([scored, uncovered]).astype(str)
    _, first, codes = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    numbers: Whole = order[codes.reshape(-1)]
    return numbers


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
