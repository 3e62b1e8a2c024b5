"""Datasheet for the dataset (Gebru et al. 2021), generated from the side-car alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from reddots.classifier.checkpoint import SideCar
from reddots.datasets.catalogue import read_catalogue

_SPLITS = ("train", "validation", "calibration", "test")
_RULES = {"l": "---", "r": "---:"}


def data_sheet(side_car: SideCar) -> str:
    """Return the data sheet in Markdown."""
    parts = [
        f"# Data sheet: photos of reddots {side_car.version}",
        "Written by `reddots export` from the side-car; no count here was typed.",
        "## What they are for",
        """To tell a few kinds of red spots and what looks like them apart, on photos of skin.
They were made by others for other ends; nobody was asked for this one, and no label was checked
again.""",
        "## Photos by label and split",
        photos_by_label(side_car),
        "Splits are by group: no patient, lesion or near-duplicate cluster is in two of them.",
        "## Sources",
        _sources(side_car),
        f"""No photo is shipped. Each photo's path, source, licence, split and hash is in
`{side_car.data["manifest"]}` (sha256 {side_car.data["manifest_sha256"]}).""",
        "## Photos by label and source",
        _by_source(side_car),
        "## Skin types (Fitzpatrick)",
        ", ".join(f"{kind}: {n}" for kind, n in side_car.data["fitzpatrick"].items()) + ".",
        *_measured(side_car),
        "## Terms",
        side_car.licence + ".",
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    """Return a Markdown table; ``align`` has l or r for each column."""
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join(_RULES[a] for a in align) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines)


def photos_by_label(side_car: SideCar) -> str:
    """Return the table of photos by label and split."""
    counts: Mapping[str, Any] = side_car.data["counts"]
    labels = sorted({label for split in counts.values() for label in split})
    rows = [
        [label, *(str(sum(counts.get(s, {}).get(label, {}).values())) for s in _SPLITS)]
        for label in labels
    ]
    return table(["label", *_SPLITS], rows, "l" + "r" * len(_SPLITS))


def _sources(side_car: SideCar) -> str:
    catalogue = read_catalogue()
    counts: Mapping[str, Any] = side_car.data["counts"]
    rows = []
    for name, licence in side_car.data["licences"].items():
        total = sum(by_set.get(name, 0) for split in counts.values() for by_set in split.values())
        rows.append([name, str(total), licence, catalogue[name].citation])
    return table(["set", "photos", "licence", "citation"], rows, "lrll")


def _by_source(side_car: SideCar) -> str:
    counts: Mapping[str, Any] = side_car.data["counts"]
    labels = sorted({label for split in counts.values() for label in split})
    names = list(side_car.data["licences"])
    rows = []
    for label in labels:
        numbers = [
            sum(split.get(label, {}).get(name, 0) for split in counts.values()) for name in names
        ]
        rows.append([label, *(str(n) if n else "" for n in numbers)])
    return table(["label", *names], rows, "l" + "r" * len(names))


def _measured(side_car: SideCar) -> list[str]:
    """Return what was only measured on, where the side-car says it."""
    rows = [
        [name, source, str(own["n"]), own["licence"]]
        for name, metrics in side_car.metrics.items()
        if name not in _SPLITS
        for source, own in metrics.get("sources", {}).items()
    ]
    if not rows:
        return []
    head = ["manifest", "set", "photos", "licence"]
    return [
        "## Only measured on",
        table(head, rows, "llrl"),
        "Nothing was learnt from these photos: no weight, threshold or temperature.",
    ]
