"""What is wrong with the photos of a manifest, before anybody learns from them."""

from collections import defaultdict
from dataclasses import dataclass

from reddots.datasets.manifest import Manifest
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo

_SMALL = 64  # pixels; enough to know that a photo can be read


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that is wrong.

    Attributes:
        kind: ``unreadable``, ``changed``, ``duplicate``, ``label_conflict`` or ``split_group``.
    """

    kind: str
    photo: str
    text: str


def check(manifest: Manifest) -> list[CheckFinding]:
    """Return what is wrong, photo by photo; empty when nothing is."""
    findings: list[CheckFinding] = []
    by_hash = defaultdict(list)
    for row in manifest.rows:
        try:
            photo = load_photo(manifest.path(row), short_side=_SMALL)
        except PhotoError as error:
            findings.append(CheckFinding("unreadable", row.photo, str(error)))
            continue
        if row.sha256 and row.sha256 != photo.sha256:
            findings.append(CheckFinding("changed", row.photo, "its hash is not the manifest's"))
        by_hash[photo.sha256].append(row)
    for rows in by_hash.values():
        first = rows[0]
        for other in rows[1:]:
            same_label = other.label == first.label
            kind = "duplicate" if same_label else "label_conflict"
            text = f"the same file as {first.photo}"
            if not same_label:
                text += f", which is called {first.label} and not {other.label}"
            findings.append(CheckFinding(kind, other.photo, text))
    splits = defaultdict(set)
    for row in manifest.rows:
        splits[row.dataset, row.group].add(row.split)
    for row in manifest.rows:
        sides = splits[row.dataset, row.group]
        if len(sides) > 1:
            text = f"its group {row.group} is on several sides: {', '.join(sorted(sides))}"
            findings.append(CheckFinding("split_group", row.photo, text))
    return findings
