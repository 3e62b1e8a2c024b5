"""DermaVQA dataset (iiyi part): people's photos with questions, which doctors answered in words.

Tables: ``train.json``, ``valid_ht.json`` and ``test_ht.json`` of github.com/wyim/DermaVQA
(``data/iiyi``), each a list of encounters: ``encounter_id``, ``image_ids``
(``IMG_ENC00852_00001.jpg``, …), the question in three languages, and ``responses``, each
with ``content_en`` and ``author_id``. Those of ``train.json`` are machine translations. The photos
are in ``images_final`` of osf.io/72rp3. Nobody examined these people: labels are what most answers
name, and coarse.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from reddots.datasets.sources.differential import SURE, agreed_label
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped
from reddots.datasets.sources.words import denies, named_words
from reddots.errors import ManifestError

TABLES: Final = ("train.json", "valid_ht.json", "test_ht.json")
_CLAUSE: Final = re.compile(r"[.;,!?\n]|\bbut\b")


class Response(msgspec.Struct, frozen=True):
    """One doctor's answer, in English."""

    content_en: str


class Encounter(msgspec.Struct, frozen=True):
    """One person's question, their photos, and the answers."""

    encounter_id: str
    image_ids: tuple[str, ...]
    responses: tuple[Response, ...] = ()


def records(folder: Path, meanings: Meanings, sure: float = SURE) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with one of the tables or more; an encounter is a group.

    ``sure``: the least share of the answers that name a label.

    Raises:
        ManifestError: a table is damaged or lacks a column.
    """
    photos = photos_by_name(folder)
    for path in (folder / name for name in TABLES if (folder / name).is_file()):
        for encounter in _encounters(path):
            weights = vote([r.content_en for r in encounter.responses], meanings)
            for name in encounter.image_ids:
                if name not in photos:
                    yield Skipped(name, "the photo has not been fetched", is_failure=False)
                    continue
                yield Record(
                    path=photos[name],
                    raw="; ".join(f"{word} {weight:.2f}" for word, weight in weights.items()),
                    label=agreed_label(weights, meanings, sure),
                    group=f"dermavqa-{encounter.encounter_id}",
                )


def vote(answers: Sequence[str], meanings: Meanings) -> Mapping[str, float]:
    """Return the table's words that answers name, with their shares, which sum to 1.

    Each answer that names something counts once, shared out among what it names. A clause that
    denies or doubts (“not eczema”) names nothing.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    for answer in answers:
        clauses = [c for c in _CLAUSE.split(answer) if not denies(c)]
        named = dict.fromkeys(word for clause in clauses for word in named_words(clause, meanings))
        for word in named:
            weights[word] += 1 / len(named)
    total = sum(weights.values())
    return {word: weights[word] / total for word in sorted(weights, key=lambda w: -weights[w])}


def _encounters(path: Path) -> Sequence[Encounter]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Encounter, ...])
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path} is not the set's own table: {error}.") from error
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from error
