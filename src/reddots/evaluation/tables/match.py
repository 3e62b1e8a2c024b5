"""Matching of predictions to photos of a manifest: by path, hash, file name or its stem."""

import os
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reddots.errors import TableError
from reddots.evaluation.core.scored import Flags, Whole
from reddots.evaluation.tables.ground_truth import Truth
from reddots.evaluation.tables.predictions import Predictions
from reddots.tabular.columns import Texts

AUTO, PATH, NAME, STEM = "auto", "path", "name", "stem"
MATCHES = (AUTO, PATH, NAME, STEM)


def match_photos(predictions: Predictions, truth: Truth, match: str) -> tuple[Whole, Flags, str]:
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


def first_listed(truth: Truth, labels: Texts) -> tuple[Flags, Flags]:
    """Return which rows of the manifest are a photo's first, and which have a rival label."""
    first = _index(truth.photo, truth.photo)
    own = np.arange(len(first))
    rivals = first[(first != own) & (labels[first] != labels)]
    conflicting = np.zeros(len(first), dtype=bool)
    conflicting[rivals] = True
    return first == own, conflicting


def count_other_hash(predictions: Predictions, truth: Truth, found: Whole) -> int:
    """Return how many photos have another hash than the one the manifest gives for their path."""
    rows = np.flatnonzero(found >= 0)
    said = pc.utf8_lower(predictions.sha256.take(pa.array(rows)))
    listed = pc.utf8_lower(truth.sha256.take(pa.array(found[rows])))
    both = pc.and_(pc.not_equal(said, ""), pc.not_equal(listed, ""))
    return int(pc.sum(pc.and_(both, pc.not_equal(said, listed))).as_py() or 0)


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


def _index(wanted: Any, among: Any) -> Whole:
    """Return where each text first stands among others, or -1; an empty one stands nowhere."""
    places = pc.index_in(wanted, value_set=among)
    places = pc.if_else(pc.equal(wanted, ""), pa.scalar(None, pa.int32()), places)
    result: Whole = pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    return result
