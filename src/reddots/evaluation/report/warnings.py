"""Warnings of a report: what a reader has to know before believing a value."""

from typing import Any

from reddots.evaluation.metrics.inference.proportions import FEW_GROUPS

_LEFT_OUT = {
    "unknown": "rows are of photos that the manifest does not list; they are left out.",
    "duplicates": "rows are of photos that have a row already; the first counts.",
    "conflicting": "photos have two rival labels in the manifest; they are left out.",
    "unlabelled": "photos have no label; they are left out.",
    "uncovered": "photos have a label that no output covers; they are left out.",
}


def warnings(report: dict[str, Any]) -> list[str]:
    """Return what a reader has to know before believing a value, in sentences."""
    data, found = report["data"], []
    if report["n"] < 100:  # Collins et al. 2016: at least 100 events
        found.append(f"Only {report['n']} photos: the intervals matter more than the values.")
    if data["task"] == "multilabel":
        found.append(
            "Any number of classes may hold (multi-label): nothing was rescaled. Is it one of "
            "them? Then --task multiclass."
        )
    found += _groups(report)
    absent = [o for o, own in report["per_output"].items() if not own["n"]]
    if absent:
        found.append("No photo shows " + ", ".join(absent).replace("_", " ") + ".")
    for name, text in _LEFT_OUT.items():
        if data[name]:
            found.append(f"{data[name]} {text}")
    if data["rescaled"]:
        found.append(
            f"The probabilities of {data['rescaled']} photos did not sum to 1 and were rescaled."
        )
    if data["other_hash"]:
        found.append(
            f"{data['other_hash']} photos have another hash than the manifest: they may not be "
            "the photos whose truth it gives."
        )
    if data["no_prediction"]:
        found.append(
            f"{data['no_prediction']} labelled photos have no prediction and are left out; with "
            f"them as wrong the accuracy is {report['accuracy_if_missing_is_wrong']:.3f}."
        )
    if data["useless_cells"]:
        found.append("Probabilities are missing, first at: " + "; ".join(data["useless_cells"]))
    if data["not_predicted"]:
        found.append(f"{data['not_predicted']} photos of the manifest have no row in the table.")
    if data.get("unknown_in_sets"):
        names = ", ".join(f"“{name}” ({rows})" for name, rows in data["unknown_in_sets"].items())
        found.append(f"Prediction sets name what is no output of the table, by rows: {names}.")
    if data["disagreeing"]:
        found.append(
            f"In {data['disagreeing']} rows the column “category” is not the likeliest output; "
            "the probabilities count."
        )
    return found


def _groups(report: dict[str, Any]) -> list[str]:
    """Return what is to be said of groups, on which every interval rests."""
    data = report["data"]
    if not data["group_column"]:
        return [
            (
                "The truth has no column of patients or lesions (--group-column), so photos count "
                "as independent. If some show the same person, every interval is too narrow."
            )
        ]
    if data["groups"] < FEW_GROUPS:
        return [
            (
                f"Only {data['groups']} groups: below {FEW_GROUPS} the intervals may be too narrow "
                "(docs/how-to/evaluate-a-model.md has their coverage)."
            )
        ]
    return []
