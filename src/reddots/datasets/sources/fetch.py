"""Fetch a dataset: its tables, the photos they list, its licence and citation beside them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reddots._atomic import atomic_write
from reddots.datasets.catalogue import PhotoSet, RemoteFile
from reddots.datasets.sources import fitzpatrick17k, scin
from reddots.datasets.sources.csv_table import read_source
from reddots.datasets.sources.differential import SURE
from reddots.datasets.sources.download import DownloadError, OnBytes, content_length, download
from reddots.datasets.sources.label_map import Meanings, read_meanings
from reddots.datasets.sources.registry import require_weighed
from reddots.errors import ManifestError

ATTRIBUTION: Final = "ATTRIBUTION.txt"
OnFile = Callable[[str, int, int], OnBytes]
OnSize = Callable[[int, int, int], object]
_ASKED: Final = 12  # photos whose size is asked for, spread over the list


@dataclass(frozen=True)
class Got:
    """What came of it.

    Attributes:
        fetched, present: how many files came, and how many were there before.
        failed: a sentence for each photo that did not come.
    """

    fetched: int
    present: int
    failed: tuple[str, ...]


def get_set(
    photo_set: PhotoSet,
    folder: Path,
    only: Collection[str] = (),
    on_file: OnFile | None = None,
    *,
    sure: float | None = None,
    on_size: OnSize | None = None,
    tables_only: bool = False,
) -> Got:
    """Fetch what a set offers over HTTP into ``folder``; what is there is not fetched again.

    Args:
        photo_set: of the catalogue.
        folder: is made.
        only: our labels; with any, only photos that may mean one of them are fetched.
        on_file: called with a file's name, its number and how many there are; returns what is
            called with the bytes so far and in all.
        sure: the least weight of a wanted label, for sets whose labels have weights.
        on_size: called before photos are fetched, with how many are missing, about how many bytes
            they have (0 if no server says), and of how many that was asked.
        tables_only: stop before the photos.

    Raises:
        DownloadError: a table cannot be fetched. A photo that cannot is listed, and the rest goes
            on, for single photos do vanish.
        ManifestError: a table lacks a column, or ``only`` names no label that the set gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(folder / ATTRIBUTION, attribution(photo_set).encode())
    meanings = read_meanings(photo_set.id)
    wanted = _wanted(photo_set, meanings, only)
    if sure is not None:
        require_weighed(photo_set)
    counts = {True: 0, False: 0}

    def fetch(file: RemoteFile, number: int, total: int) -> None:
        on_bytes = on_file(file.name, number, total) if on_file else None
        path = folder / file.name
        counts[download(file.url, path, photo_set.origins, file.sha256, on_bytes)] += 1

    for number, file in enumerate(photo_set.files, 1):
        fetch(file, number, len(photo_set.files))
    failed = []
    lister = _LISTS.get(photo_set.id)
    photos = (
        list(dict.fromkeys(lister(photo_set, folder, meanings, _Choice(wanted, sure))))
        if lister
        else []
    )
    missing = [file for file in photos if not (folder / file.name).is_file()]
    if on_size and missing:
        on_size(len(missing), *_size(missing, photo_set))
    if tables_only:
        return Got(counts[True], counts[False], ())
    for number, file in enumerate(photos, 1):
        try:
            fetch(file, number, len(photos))
        except DownloadError as error:
            failed.append(str(error))
    return Got(counts[True], counts[False], tuple(failed))


def attribution(photo_set: PhotoSet) -> str:
    """Return what has to travel with a set's photos."""
    training = "allowed" if photo_set.may_train else "not allowed: it may only be measured on"
    return (
        f"{photo_set.name}\n{photo_set.url}\n\nLicence: {photo_set.licence}\n"
        f"Training on it: {training}\nCite: {photo_set.citation}\n"
    )


def _wanted(
    photo_set: PhotoSet, meanings: Meanings, only: Collection[str]
) -> frozenset[str] | None:
    """Return the outputs that are wanted, or None for all photos."""
    if not only:
        return None
    known = {output for label in meanings.labels() for output in meanings.outputs(label)}
    wanted = {label: meanings.outputs(label) for label in only}
    for label, outputs in wanted.items():
        if not outputs & known:
            raise ManifestError(
                f"{photo_set.name} has no photos labelled “{label}”. "
                f"It labels {', '.join(meanings.labels())}."
            )
    return frozenset().union(*wanted.values())


def _size(files: Sequence[RemoteFile], photo_set: PhotoSet) -> tuple[int, int]:
    """Return about how many bytes files have, from some of them, and of how many it was asked."""
    asked = files[:: -(-len(files) // _ASKED)]
    known = []
    for file in asked:
        try:
            known.append(content_length(file.url, photo_set.origins))
        except DownloadError:  # said when it is fetched
            continue
    sizes = [size for size in known if size]
    return (round(sum(sizes) / len(sizes) * len(files)) if sizes else 0), len(sizes)


@dataclass(frozen=True)
class _Choice:
    """Which photos are wanted.

    Attributes:
        outputs: that a label may mean; None for all photos.
        sure: the least weight of a label; None for the set's own.
    """

    outputs: frozenset[str] | None
    sure: float | None

    def takes(self, label: str, meanings: Meanings) -> bool:
        return self.outputs is None or bool(meanings.outputs(label) & self.outputs)


def _scin(
    photo_set: PhotoSet, folder: Path, meanings: Meanings, choice: _Choice
) -> Iterator[RemoteFile]:
    tables = photo_set.files[0].url.rpartition("/")[0]
    cases = read_source(folder / scin.TABLES[0], ["case_id", *scin.IMAGES])
    labels = {r["case_id"]: r for r in read_source(folder / scin.LABELS, ["case_id"])}
    sure = SURE if choice.sure is None else choice.sure
    for case in cases:
        label = scin.judge(labels.get(case["case_id"], {}), meanings, case, sure)[1]
        if not choice.takes(label, meanings):
            continue
        for path in filter(None, (case[column] for column in scin.IMAGES)):
            name = scin.photo_path(Path(), path).as_posix()
            yield RemoteFile(name=name, url=f"{tables}/images/{Path(path).name}")


def _fitzpatrick17k(
    _: PhotoSet, folder: Path, meanings: Meanings, choice: _Choice
) -> Iterator[RemoteFile]:
    for row in read_source(folder / fitzpatrick17k.TABLES[0], ["md5hash", "label", "url"]):
        label = meanings.label(row["label"]) or ""
        if row["url"] and choice.takes(label, meanings):
            yield RemoteFile(name=f"images/{Path(row['md5hash']).name}.jpg", url=row["url"])


_Lister = Callable[[PhotoSet, Path, Meanings, _Choice], Iterator[RemoteFile]]
_LISTS: Final[Mapping[str, _Lister]] = {"scin": _scin, "fitzpatrick17k": _fitzpatrick17k}
