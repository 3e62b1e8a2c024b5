"""Label map: what a set's own labels mean in ours, from ``data/datasets/<set>.toml``.

A label may be meant fully (``vasculitis``), coarsely (``cherry_angioma|other_vascular``), or not at
all (an empty label): “no label” is not “absent”, so such a photo is kept without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.datasets.labels import label_outputs
from reddots.errors import KnowledgeError
from reddots.knowledge import load
from reddots.knowledge.categories import Category


class Meaning(Entry, frozen=True):
    """Labels of the set that mean the same to us.

    Attributes:
        raw: the set's own labels; case, ``_``, ``-`` and spaces make no difference.
        label: ours: an id, ids joined by ``|``, or empty where the set's label says nothing.
        source: why it means that.
    """

    raw: tuple[str, ...]
    label: str
    source: str


class _File(Entry, frozen=True):
    meaning: tuple[Meaning, ...]


@dataclass(frozen=True)
class Meanings:
    """The labels of one set.

    Attributes:
        of: our label for each raw label, which is written as ``plain`` writes it.
        categories: by id.
    """

    of: Mapping[str, str]
    categories: Mapping[str, Category]

    def label(self, raw: str) -> str | None:
        """Return our label; empty if it says nothing to us, None if the table does not know it."""
        return self.of.get(plain(raw))

    def outputs(self, label: str) -> frozenset[str]:
        """Return the outputs that one of our labels may mean."""
        return label_outputs(label, self.categories)

    def labels(self) -> tuple[str, ...]:
        """Return our labels that the set can give, each once, in the table's order."""
        return tuple(dict.fromkeys(label for label in self.of.values() if label))


def plain(raw: str) -> str:
    """Return a raw label without what people write differently: case, ``_``, ``-``, spaces."""
    return " ".join(raw.casefold().replace("_", " ").replace("-", " ").split())


def labels_of(dataset: str) -> tuple[str, ...]:
    """Return our labels that a set's table gives; empty for a set without a table."""
    table = folder("data") / "datasets" / f"{dataset}.toml"
    return read_meanings(dataset).labels() if table.is_file() else ()


def read_meanings(dataset: str, path: Path | None = None) -> Meanings:
    """Read a set's table; a set without one means our own ids.

    Raises:
        KnowledgeError: the file does not fit, a label stands twice, or one of ours is unknown.
    """
    categories = load().categories
    path = path or folder("data") / "datasets" / f"{dataset}.toml"
    if not path.is_file():
        ids = {*categories, *(c.output for c in categories.values() if c.output)}
        return Meanings({plain(name): name for name in sorted(ids)}, categories)
    entries = read_toml(path, _File).meaning
    require_unique(path.name, [plain(raw) for entry in entries for raw in entry.raw])
    for entry in entries:
        for part in filter(None, entry.label.split("|")):
            if not label_outputs(part, categories):
                raise KnowledgeError(f"{path.name}: “{part}” is no label of ours.")
    return Meanings({plain(raw): e.label for e in entries for raw in e.raw}, categories)
