"""Categories: what a spot may be, from ``data/knowledge/categories.toml``."""

import math
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.sources import Bibliography, CitedEntry


class Fact(CitedEntry, frozen=True):
    """One fact about a category, in our words."""

    id: Text
    topic: Text
    text: Text


class Category(CitedEntry, frozen=True):
    """What a spot may be.

    Attributes:
        kind: ``target`` and ``look_alike`` are candidates; a ``gate`` is an output only.
        output: the checkpoint output that speaks for it, where there is one.
        photo: ``own`` output, an output ``shared`` with another category, ``neutral`` (the photo
            says nothing about it) or the ``gate``.
        mistaken_for: outputs that a photo of it may be called when no output covers it.
        reassuring: its texts calm, so nobody reads them while a gate is open.
        prior: share among people who look up tiny red dots, before photo and answers; 0 to 1,
            summing to 1 over the candidates.
    """

    id: Text
    name: Text
    kind: Literal["target", "look_alike", "gate"]
    photo: Literal["own", "shared", "neutral", "gate"]
    summary: Text
    output: str | None = None
    also_called: tuple[str, ...] = ()
    mistaken_for: tuple[str, ...] = ()
    reassuring: bool = False
    prior: float = 0.0
    fact: tuple[Fact, ...] = ()

    @property
    def is_candidate(self) -> bool:
        """Whether it may be named to a person."""
        return self.kind != "gate"


class _File(Entry, frozen=True):
    category: tuple[Category, ...]


def read_categories(path: Path, sources: Bibliography) -> dict[str, Category]:
    """Read the categories by id, in file order.

    Raises:
        KnowledgeError: the file does not fit, priors do not sum to 1, or an output is unknown.
    """
    categories = read_toml(path, _File, sources.decode).category
    require_unique(path.name, [c.id for c in categories])
    require_unique(path.name, [f.id for c in categories for f in c.fact])
    total = math.fsum(c.prior for c in categories if c.is_candidate)
    if not math.isclose(total, 1.0, abs_tol=1e-6):
        raise KnowledgeError(f"{path.name}: the candidates' priors sum to {total:g}, not to 1.")
    outputs = {c.output for c in categories if c.output}
    for category in categories:
        unknown = set(category.mistaken_for) - outputs
        if unknown:
            raise KnowledgeError(
                f"{path.name}: “{category.id}” may be mistaken for {sorted(unknown)}, "
                "which no category has as its output."
            )
        if category.is_candidate and category.prior <= 0:
            raise KnowledgeError(f"{path.name}: “{category.id}” needs a prior above 0.")
        if category.photo in {"own", "shared"} and category.output is None:
            raise KnowledgeError(f"{path.name}: “{category.id}” needs an output.")
    return {c.id: c for c in categories}
