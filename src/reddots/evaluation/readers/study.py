"""Reader study: every reader's rates, agreement, people against models, with and without help."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats
from reddots.evaluation.metrics.discrimination.curves import Curve
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.readers.agreement import agreement
from reddots.evaluation.readers.mrmc import (
    Merit,
    ReaderTest,
    compare_conditions,
    compare_with_model,
)
from reddots.evaluation.readers.table import Readings

SCHEMA = "reddots.readers/1"
METRICS = ("accuracy", "sensitivity", "specificity", "auroc")


def study(readings: Readings, positive: Sequence[str]) -> dict[str, Any]:
    """Return the study, as JSON.

    Args:
        readings: what each reader decided.
        positive: the classes that count as positive for sensitivity, specificity and areas.
    """
    inside = np.array([name in positive for name in readings.classes])
    event = inside[readings.truth]
    readers = {
        name: _reader(readings, place, event, inside) for place, name in enumerate(readings.names)
    }
    people = ~readings.models
    alone = people & ~readings.aided
    return {
        "schema": SCHEMA,
        "n": len(readings.truth),
        "groups": int(readings.groups.max()) + 1,
        "classes": list(readings.classes),
        "positive": list(positive),
        "readers": readers,
        "agreement": {
            name: _agreement(readings, rows)
            for name, rows in (("unaided", alone), ("aided", people & readings.aided))
            if rows.any()
        },
        "aid": _aid(readings, event, inside),
        "models": {
            readings.names[place]: _against(readings, int(place), alone, event, inside)
            for place in np.flatnonzero(readings.models)
        },
    }


def _agreement(readings: Readings, rows: Flags) -> dict[str, Any]:
    names = [n for n, own in zip(readings.names, rows, strict=True) if own]
    own = readings.decisions[rows]
    return agreement(names, own, readings.truth, readings.groups, len(readings.classes))


def _reader(readings: Readings, place: int, event: Flags, inside: Flags) -> dict[str, Any]:
    own = readings.decisions[place]
    read = own >= 0
    flagged = inside[np.where(read, own, 0)]
    result: dict[str, Any] = {
        "model": bool(readings.models[place]),
        "aided": bool(readings.aided[place]),
        "read": int(read.sum()),
    }
    for name, hits, among in (
        ("accuracy", own == readings.truth, read),
        ("sensitivity", flagged, read & event),
        ("specificity", ~flagged, read & ~event),
    ):
        result[name], result[f"{name}_ci"] = share(hits, among, readings.groups)
    scored = read & ~np.isnan(readings.scores[place])
    result["auroc"], result["auroc_ci"] = None, None
    if event[scored].any() and not event[scored].all():
        score = readings.scores[place][scored]
        result["auroc"] = Curve(score, event[scored]).auroc
        result["auroc_ci"] = area_interval(score, event[scored], readings.groups[scored])
    return result


def _merit(readings: Readings, place: int, event: Flags, inside: Flags, metric: str) -> Merit:
    """Return a figure of merit of one reader as a function of the photos' weights."""
    own = readings.decisions[place]
    flagged = inside[own]
    if metric == "auroc":
        curve = Curve(readings.scores[place], event)
        return lambda w: float(curve.areas(w)[0])
    hits: Floats
    among: Floats
    if metric == "accuracy":
        hits, among = (own == readings.truth).astype(float), np.ones(len(own))
    elif metric == "sensitivity":
        hits, among = (flagged & event).astype(float), event.astype(float)
    else:
        hits, among = (~flagged & ~event).astype(float), (~event).astype(float)

    def merit(weights: Floats) -> float:
        total = float(weights @ among)
        return float(weights @ hits) / total if total else float("nan")

    return merit


def _usable(readings: Readings, rows: Sequence[int], metric: str, event: Flags) -> bool:
    """Return whether the readers all read all photos, and have what the metric needs."""
    if not len(rows) or (readings.decisions[list(rows)] < 0).any():
        return False
    if metric == "auroc" and np.isnan(readings.scores[list(rows)]).any():
        return False
    return metric == "accuracy" or bool(event.any() and not event.all())


def _aid(readings: Readings, event: Flags, inside: Flags) -> dict[str, Any] | None:
    """Return what help changes, over the people who read with and without it."""
    places = {
        (person, bool(aided)): i
        for i, (person, aided) in enumerate(zip(readings.people, readings.aided, strict=True))
        if not readings.models[i]
    }
    both = sorted({p for p, _ in places if (p, True) in places and (p, False) in places})
    if not both:
        return None
    sides = [[places[person, aided] for person in both] for aided in (False, True)]
    found: dict[str, Any] = {"readers": both}
    for metric in METRICS:
        if not _usable(readings, [*sides[0], *sides[1]], metric, event):
            continue
        merits = [[_merit(readings, i, event, inside, metric) for i in side] for side in sides]
        found[metric] = _plain(compare_conditions(merits[0], merits[1], readings.groups))
    return found


def _against(
    readings: Readings, model: int, people: Flags, event: Flags, inside: Flags
) -> dict[str, Any]:
    """Return a model against the mean of the people without help."""
    rows = [int(i) for i in np.flatnonzero(people)]
    found: dict[str, Any] = {}
    for metric in METRICS:
        if not _usable(readings, [*rows, model], metric, event):
            continue
        merits = [_merit(readings, i, event, inside, metric) for i in rows]
        own = _merit(readings, model, event, inside, metric)
        found[metric] = _plain(compare_with_model(merits, own, readings.groups))
    return found


def _plain(test: ReaderTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    return {
        "first": test.first,
        "second": test.second,
        "difference": test.difference,
        "difference_ci": [test.low, test.high],
        "p": test.p_value,
        "degrees_of_freedom": test.degrees,
    }
