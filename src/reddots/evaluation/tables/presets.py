"""Presets: the column names of common data sets, from ``data/evaluation/presets.toml``."""

from pathlib import Path

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import TableError
from reddots.evaluation.tables.formats import read_any


class Preset(Entry, frozen=True):
    """One data set.

    Attributes:
        source: where its columns were read.
        photo, label, group: names that its files use; the first that a file has is taken.
        match: how photos are matched.
        headed: whether its results have a heading.
        split: which photos of the truth are evaluated where nobody says.
    """

    id: str
    source: str
    photo: tuple[str, ...]
    label: tuple[str, ...]
    group: tuple[str, ...]
    match: str
    headed: bool = True
    split: str = ""


class _File(Entry, frozen=True):
    preset: tuple[Preset, ...]


def read_presets() -> dict[str, Preset]:
    """Return the shipped presets by id.

    Raises:
        KnowledgeError: the file does not fit.
    """
    path = folder("data") / "evaluation" / "presets.toml"
    found = read_toml(path, _File).preset
    require_unique(path.name, [preset.id for preset in found])
    return {preset.id: preset for preset in found}


def preset_named(name: str) -> Preset | None:
    """Return a preset; None where no name is given.

    Raises:
        TableError: there is no such preset.
    """
    if not name:
        return None
    presets = read_presets()
    if name not in presets:
        raise TableError(f"There is no preset “{name}”; they are {', '.join(presets)}.")
    return presets[name]


def column_of(path: Path, names: tuple[str, ...]) -> str:
    """Return the first of the names that a file has as a column; empty where it has none.

    Raises:
        TableError: the file cannot be read.
    """
    columns = read_any(path).names
    return next((name for name in names if name in columns), "")
