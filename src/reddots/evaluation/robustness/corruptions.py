"""The corruptions and their levels, from ``data/evaluation/corruptions.toml``."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.evaluation.robustness import corrupt_geometry, corrupt_light
from reddots.evaluation.robustness.corrupt_light import Pixels
from reddots.triage.answers import Answers, parse_answers

SEVERITIES = 5
Corrupt = Callable[[Pixels, float, np.random.Generator], Pixels]
_MEANS: Mapping[str, Corrupt] = {
    function.__name__: function
    for function in (
        corrupt_light.blur,
        corrupt_light.motion,
        corrupt_light.noise,
        corrupt_geometry.jpeg,
        corrupt_light.exposure,
        corrupt_light.white_balance,
        corrupt_light.red_gain,
        corrupt_geometry.scale,
        corrupt_geometry.crop,
        corrupt_geometry.rotation,
        corrupt_geometry.hair,
        corrupt_geometry.ruler_or_pen,
        corrupt_geometry.screenshot,
        corrupt_light.colour_profile,
        corrupt_geometry.chain,
    )
}


class Corruption(Entry, frozen=True):
    """One thing that happens to photos.

    Attributes:
        unit: what a level means.
        levels: five, from mild to severe.
    """

    id: str
    text: str
    unit: str
    levels: tuple[float, ...]

    def apply(self, pixels: Pixels, severity: int, sha256: str, seed: int = 0) -> Pixels:
        """Return the corrupted photo.

        Args:
            pixels: upright sRGB, H × W × 3, uint8.
            severity: 1 to 5.
            sha256: of the photo's file, so that each photo has its own luck, at every severity the
                same.
            seed: of all luck.
        """
        words = hashlib.sha256(f"{seed} {self.id} {sha256}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(words[:8], "big"))
        return np.ascontiguousarray(_MEANS[self.id](pixels, self.levels[severity - 1], rng))


class _File(Entry, frozen=True):
    person: dict[str, Any]
    corruption: tuple[Corruption, ...]


def read_corruptions() -> dict[str, Corruption]:
    """Read the shipped corruptions by id.

    Raises:
        KnowledgeError: the file does not fit, or names one that there is no code for.
    """
    path = _path()
    found = read_toml(path, _File).corruption
    require_unique(path.name, [c.id for c in found])
    for corruption in found:
        if corruption.id not in _MEANS:
            raise KnowledgeError(f"{path.name}: there is no corruption “{corruption.id}”.")
        if len(corruption.levels) != SEVERITIES:
            raise KnowledgeError(f"{path.name}: “{corruption.id}” needs {SEVERITIES} levels.")
    return {c.id: c for c in found}


def read_person() -> Answers:
    """Read whose photos they are: answers by which there is nothing to fear.

    Raises:
        KnowledgeError: the file does not fit.
        AnswersError: an answer is none.
    """
    return parse_answers(read_toml(_path(), _File).person)


def _path() -> Path:
    return folder("data") / "evaluation" / "corruptions.toml"
