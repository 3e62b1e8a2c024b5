"""MultiCaRe dataset: images of open-access case reports, chosen by words of their captions.

Columns: ``captions_and_labels.csv`` of doi.org/10.5281/zenodo.10079369 (version 2), as
github.com/mauro-nievoff/MultiCaRe_Dataset reads it: ``file_id``, ``file``
(``PMC…_….webp``), ``main_image``, ``patient_id`` (``PMC…_01``), ``license`` (of the article),
``caption``, ``image_type`` (``medical_photograph``, …), ``image_subtype`` (``skin_photograph``, …).
The photos are in ``PMC1.zip`` to ``PMC9.zip``. A model sorted them into types, and not always
rightly: inspect what was chosen.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped
from reddots.datasets.sources.words import denies, named_words

TABLES: Final = ("captions_and_labels.csv",)
_COLUMNS: Final = ("file", "patient_id", "license", "caption", "image_type", "image_subtype")
_ARTICLE: Final = "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/"


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the skin photos whose captions name one of our labels; a patient is a group.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        chosen, label = choose(row["caption"], meanings)
        name = row["file"]
        if not chosen:
            continue  # of 130,000 figures: nothing to report
        if row["image_subtype"] != "skin_photograph":
            yield Skipped(name, "the set says it is no photo of skin", is_failure=False)
        elif not label:
            yield Skipped(name, "its caption denies or doubts what it names", is_failure=False)
        elif not _may_be_adapted(row["license"]):
            reason = "its article's licence allows no adaptation, or none is given"
            yield Skipped(name, reason, is_failure=False)
        elif name not in photos:
            yield Skipped(name, "the photo is not in the folder")
        else:
            article = row["patient_id"].partition("_")[0]
            yield Record(
                path=photos[name],
                raw="; ".join(chosen),
                label=label,
                group=f"multicare-{row['patient_id']}" if row["patient_id"] else "",
                source_url=_ARTICLE.format(article),
                licence=f"{row['license']} ({article})",
            )


def choose(caption: str, meanings: Meanings) -> tuple[list[str], str]:
    """Return the table's words in a caption, and what they mean; empty if it denies them."""
    found = named_words(caption, meanings)
    if not found or denies(caption):
        return found, ""
    return found, "|".join(sorted({meanings.of[words] for words in found}))


def _may_be_adapted(licence: str) -> bool:
    words = set(re.split(r"[^a-z0-9]+", licence.casefold()))
    return bool(words & {"cc", "cc0"}) and "nd" not in words
