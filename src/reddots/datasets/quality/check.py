"""Data validation: what is wrong with a manifest's photos, before anybody learns from them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Final

from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.loading import without_mark
from reddots.datasets.manifest import Manifest, Row
from reddots.datasets.quality.near_duplicates import Pair, near_pairs
from reddots.datasets.quality.perceptual_hash import Fingerprint, fingerprint
from reddots.datasets.quality.source_marks import (
    SHORT_SIDE,
    Margins,
    SourceMark,
    margins,
    source_marks,
)
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo

SCHEMA: Final = "reddots.data-check/1"
_THREADS: Final = 2  # as many as the loader decodes at the same time


@dataclass(frozen=True, slots=True)
class QualityIssue:
    """One thing that is wrong.

    Attributes:
        kind: ``unreadable``, ``changed``, ``duplicate``, ``near_duplicate``, ``label_conflict``,
            ``near_label_conflict``, ``raw_label_conflict`` (the source's own labels differ, ours do
            not), ``split_duplicate`` or ``split_group``.
        other: the other photo of a pair, else empty.
    """

    kind: str
    photo: str
    text: str
    other: str = ""


@dataclass(frozen=True)
class Check:
    """The check of a manifest's photos.

    Attributes:
        issues: what is wrong, photo by photo.
        marks: what gives a set away.
        near: pairs of indices into the manifest's rows that show the same, exact copies included.
        sets: photos of each set.
    """

    manifest: Manifest
    issues: tuple[QualityIssue, ...]
    marks: tuple[SourceMark, ...]
    near: tuple[Pair, ...]
    sets: dict[str, int]

    def report(self) -> dict[str, Any]:
        """Return everything as values for JSON."""
        rows = self.manifest.rows
        marks = [asdict(m) | {"example": rows[m.example].photo} for m in self.marks]
        return {
            "schema": SCHEMA,
            "photos": len(rows),
            "sets": self.sets,
            "counts": dict(sorted(Counter(f.kind for f in self.issues).items())),
            "issues": [asdict(f) for f in self.issues],
            "source_marks": marks,
        }


@dataclass(frozen=True, eq=False)
class _Seen:
    sha256: str
    print: Fingerprint
    margins: Margins


def check(manifest: Manifest, on_photo: Callable[[], None] | None = None) -> list[QualityIssue]:
    """Return what is wrong, photo by photo; empty when nothing is."""
    return list(validate_manifest(manifest, on_photo).issues)


def validate_manifest(manifest: Manifest, on_photo: Callable[[], None] | None = None) -> Check:
    """Check every photo of a manifest once.

    Args:
        manifest: its photos are read.
        on_photo: called after each photo.
    """
    rows = manifest.rows
    issues: list[QualityIssue] = []
    seen: dict[int, _Seen] = {}
    for index, found in enumerate(_all_seen(manifest)):
        if isinstance(found, PhotoError):
            issues.append(QualityIssue("unreadable", rows[index].photo, str(found)))
        else:
            seen[index] = found
            if rows[index].sha256 not in {"", found.sha256}:
                text = "its hash is not the manifest's"
                issues.append(QualityIssue("changed", rows[index].photo, text))
        if on_photo:
            on_photo()
    kept = list(seen)
    near = [(kept[i], kept[j]) for i, j in near_pairs([seen[i].print for i in kept])]
    same = set(_same_file(seen))
    pairs = sorted({*near, *same})
    issues += _pairs(rows, pairs, same)
    issues += _split_groups(rows)
    marks = source_marks([seen[i].margins for i in kept], [rows[i].dataset for i in kept])
    marks = [SourceMark(m.kind, m.dataset, m.place, m.share, kept[m.example]) for m in marks]
    sets = dict(sorted(Counter(row.dataset for row in rows).items()))
    return Check(manifest, tuple(issues), tuple(marks), tuple(pairs), sets)


def _all_seen(manifest: Manifest) -> Iterator[_Seen | PhotoError]:
    catalogue = read_catalogue()

    def see(row: Row) -> _Seen | PhotoError:
        try:
            photo = load_photo(manifest.path(row), short_side=SHORT_SIDE)
        except PhotoError as error:
            return error
        shown = without_mark(photo.pixels, row, catalogue)
        return _Seen(photo.sha256, fingerprint(shown), margins(photo.pixels))

    with ThreadPoolExecutor(_THREADS) as threads:
        yield from threads.map(see, manifest.rows)


def _same_file(seen: dict[int, _Seen]) -> Iterator[Pair]:
    first: dict[str, int] = {}
    for index, found in seen.items():
        before = first.setdefault(found.sha256, index)
        if before != index:
            yield before, index


def _pairs(rows: tuple[Row, ...], pairs: Iterable[Pair], same: set[Pair]) -> Iterator[QualityIssue]:
    """Yield an issue for each pair that is; near copies of one group and label are none."""
    for left, right in pairs:
        one, two = rows[left], rows[right]
        exact = (left, right) in same
        text = f"the same file as {one.photo}" if exact else f"shows the same as {one.photo}"
        if one.photo == two.photo:
            text = "is listed twice"
        if one.label != two.label:
            kind = "label_conflict" if exact else "near_label_conflict"
            text += f", which is called {one.label} and not {two.label}"
            yield QualityIssue(kind, two.photo, text, one.photo)
        elif exact:
            yield QualityIssue("duplicate", two.photo, text, one.photo)
        elif (one.dataset, one.group) != (two.dataset, two.group):
            yield QualityIssue("near_duplicate", two.photo, f"{text}, of another group", one.photo)
        if one.label == two.label and one.label_raw and two.label_raw not in {"", one.label_raw}:
            what = f"{text}, which its source calls {one.label_raw} and not {two.label_raw}"
            yield QualityIssue("raw_label_conflict", two.photo, what, one.photo)
        if one.split != two.split:
            text = f"shows the same as {one.photo}, but is in {two.split} and not in {one.split}"
            yield QualityIssue("split_duplicate", two.photo, text, one.photo)


def _split_groups(rows: tuple[Row, ...]) -> Iterator[QualityIssue]:
    splits = defaultdict(set)
    for row in rows:
        splits[row.dataset, row.group].add(row.split)
    for row in rows:
        sides = splits[row.dataset, row.group]
        if len(sides) > 1:
            text = f"its group {row.group} is on several sides: {', '.join(sorted(sides))}"
            yield QualityIssue("split_group", row.photo, text)
