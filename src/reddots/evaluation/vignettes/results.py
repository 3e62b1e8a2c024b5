"""Results of triage: what each system advised for each vignette, beside the gold level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.scored import Flags, Floats
from reddots.evaluation.vignettes.scale import Scale
from reddots.tabular.cells import shown
from reddots.tabular.columns import read_columns
from reddots.tabular.headings import what_is_wrong
from reddots.tabular.reader import read_objects


@dataclass(frozen=True)
class Vignette:
    """One case.

    Attributes:
        id: unique.
        gold: place of the right level, the most urgent of those accepted.
        least: place of the least urgent level that is accepted.
        groups: by attribute, such as its kind, what it is.
    """

    id: str
    gold: int
    least: int
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ResultMap:
    """Which column means what in a table of results."""

    id: str = "id"
    level: str = "urgency"
    system: str = "system"


@dataclass(frozen=True, eq=False)
class Results:
    """What S systems advised for N vignettes.

    Attributes:
        scale: of the levels.
        vignettes: N.
        systems: S names.
        advised: S × N, the place of the level; NaN where no advice was given.
    """

    scale: Scale
    vignettes: tuple[Vignette, ...]
    systems: tuple[str, ...]
    advised: Floats

    @property
    def given(self) -> Flags:
        """Whether advice was given (S × N)."""
        return ~np.isnan(self.advised)

    @property
    def safe(self) -> Flags:
        """Whether advice is at or above the least level accepted (S × N)."""
        return self.advised >= np.array([v.least for v in self.vignettes])

    @property
    def over(self) -> Flags:
        """Whether advice is above every level accepted (S × N)."""
        return self.advised > np.array([v.gold for v in self.vignettes])

    @property
    def exact(self) -> Flags:
        """Whether advice is one of the levels accepted (S × N)."""
        return self.safe & ~self.over


def read_vignettes(
    paths: Sequence[Path], scale: Scale, attributes: Sequence[str] = ("kind", "category")
) -> tuple[Vignette, ...]:
    """Read vignettes, one JSON object a line: ``id``, ``urgency``, ``accept`` where it is a range.

    Args:
        paths: of files, or of folders, which stand for all files ``*.jsonl`` in them.
        scale: of the levels.
        attributes: keys of the vignettes to score by.

    Raises:
        TableError: a file cannot be read, a line is no vignette, or an id stands twice.
    """
    found: dict[str, Vignette] = {}
    for path in _files(paths):
        for line, case in read_objects(path):
            try:
                own = _vignette(case, path.stem, scale, attributes)
            except TableError as error:
                raise TableError(f"{path}, line {line}: {error}") from error
            if own.id in found:
                raise TableError(f"{path}, line {line}: “{shown(own.id)}” is there twice.")
            found[own.id] = own
    if not found:
        raise TableError("There are no vignettes to score.")
    return tuple(found.values())


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.jsonl"))
        else:
            yield path


def _vignette(
    case: Mapping[str, Any], file: str, scale: Scale, attributes: Sequence[str]
) -> Vignette:
    if wrong := what_is_wrong(list(case), ["id", "urgency"], ["accept", *attributes]):
        raise TableError(f"it {wrong}")
    if not isinstance(case["id"], str):
        raise TableError("the “id” of a vignette is a text.")
    words = [case.get("urgency"), *(case.get("accept") or ())]
    if not all(isinstance(word, str) for word in words):
        raise TableError("a vignette needs its gold level in “urgency”.")
    places = [scale.gold_place(word) for word in words]
    groups = {name: str(case.get(name) or "none") for name in attributes}
    return Vignette(case["id"], max(places), min(places), {"file": file, **groups})


def read_results(
    paths: Sequence[Path],
    vignettes: Sequence[Vignette],
    scale: Scale,
    columns: ResultMap | None = None,
) -> Results:
    """Read what systems advised; a vignette without a row has no advice.

    A file without a column of systems is one system, named by the file.

    Raises:
        TableError: a table cannot be read, a word is no level, no vignette fits, or a system has
            two rows of one vignette.
    """
    own = columns or ResultMap()
    places = {vignette.id: i for i, vignette in enumerate(vignettes)}
    advised: dict[str, Floats] = {}
    for path in paths:
        table = read_columns(path)
        hint = "Name yours with --id-column and --level-column."
        table.require(own.id, own.level, known=[own.system], hint=hint)
        systems = table.texts(own.system) if own.system in table.names else [path.stem] * len(table)
        if not set(table.texts(own.id)) & places.keys():
            raise TableError(
                f"No row of {path} is of a vignette; their ids must agree. Does it hold vignettes? "
                "Then give their folder, or each file with a --vignettes of its own."
            )
        seen: set[tuple[str, str]] = set()
        for row, (case, word, system) in enumerate(
            zip(table.texts(own.id), table.texts(own.level), systems, strict=True)
        ):
            if case not in places:
                continue
            if (system, case) in seen:
                raise TableError(f"{table.at(row, own.id)}: “{case}” is there twice.")
            seen.add((system, case))
            level = scale.place(word)
            values = advised.setdefault(system, np.full(len(vignettes), np.nan))
            values[places[case]] = np.nan if level is None else level
    return Results(scale, tuple(vignettes), tuple(advised), np.stack(list(advised.values())))
