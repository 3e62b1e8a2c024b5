"""Dataset catalogue: the public photo sets and their terms, from ``data/datasets.toml``."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.datasets.manifest import Row
from reddots.errors import ManifestError


class RemoteFile(Entry, frozen=True):
    """A file of a set.

    Attributes:
        name: what it is called here.
        sha256: in hexadecimal; empty where its publisher gives none.
    """

    name: str
    url: str
    sha256: str = ""


class PhotoSet(Entry, frozen=True):
    """One public set.

    Attributes:
        commercial: whether its terms allow commercial use.
        may_train: whether its terms allow training; if not, it only measures.
        trim_bottom: share of the photo's height that is cut off at the bottom, where a mark gives
            the source away; 0 to 0.3.
        url: of its page; empty for what is made here.
        photos: how many there are; 0 if nobody counts.
        size: of the download, for a person.
        steps: how to get it by hand, in order.
        files: what ``data get`` fetches.
        origins: where from, and from nowhere else, such as ``https://zenodo.org``.
    """

    id: str
    name: str
    what: str
    licence: str
    commercial: bool
    may_train: bool
    trim_bottom: float
    citation: str
    source: str
    url: str = ""
    photos: int = 0
    size: str = ""
    steps: tuple[str, ...] = ()
    files: tuple[RemoteFile, ...] = ()
    origins: tuple[str, ...] = ()


class _File(Entry, frozen=True):
    set: tuple[PhotoSet, ...]


def read_catalogue(path: Path | None = None) -> dict[str, PhotoSet]:
    """Read the sets by id; the shipped file by default.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    path = path or folder("data") / "datasets.toml"
    sets = read_toml(path, _File).set
    require_unique(path.name, [s.id for s in sets])
    return {s.id: s for s in sets}


def known_set(dataset: str) -> PhotoSet:
    """Return a set of the shipped file.

    Raises:
        ManifestError: there is none of that id.
    """
    catalogue = read_catalogue()
    if dataset not in catalogue:
        raise ManifestError(
            f"There is no set “{dataset}”. Enter it in data/datasets.toml with its licence first, "
            f"or take one of these: {', '.join(catalogue)}."
        )
    return catalogue[dataset]


def require_trainable(rows: Iterable[Row], catalogue: Mapping[str, PhotoSet]) -> None:
    """Check that the terms of every row's set allow training.

    Raises:
        ManifestError: one is not in the catalogue, or its terms forbid training.
    """
    for name in sorted({row.dataset for row in rows}):
        if name not in catalogue:
            raise ManifestError(
                f"The data set “{name}” is not in data/datasets.toml. "
                "Enter it there with its licence before training on it."
            )
        if not catalogue[name].may_train:
            raise ManifestError(
                f"The terms of {catalogue[name].name} forbid training ({catalogue[name].licence}). "
                "It may only be measured on."
            )


def licence_that_follows(rows: Iterable[Row], catalogue: Mapping[str, PhotoSet]) -> str:
    """Return the terms that a checkpoint trained on these rows must carry."""
    used = [catalogue[name] for name in sorted({row.dataset for row in rows})]
    if all(s.commercial for s in used):
        return "The terms of: " + "; ".join(f"{s.name} ({s.licence})" for s in used)
    bound = [f"{s.name} ({s.licence})" for s in used if not s.commercial]
    return "Non-commercial research and education only, because of: " + "; ".join(bound)
