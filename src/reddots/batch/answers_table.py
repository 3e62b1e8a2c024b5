"""Answers table: answers by photo, in CSV, JSON Lines or Parquet."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.tabular.cells import shown
from reddots.tabular.reader import open_table
from reddots.triage.answers import Answers, parse_settings


def read_answers_table(path: Path) -> Mapping[str, Answers]:
    """Read answers by photo from a table: ``photo`` and one column a question.

    An empty cell is unknown; several choices are joined by ``;``.

    Raises:
        TableError: the file cannot be read, has no column ``photo``, or lists a photo twice.
        AnswersError: a row has an unknown question or an illegal value; the message names it.
    """
    table = open_table(path)
    table.require("photo")
    found: dict[str, Answers] = {}
    lines: dict[str, int] = {}
    for row in table:
        cells = row.texts()
        photo = cells.pop("photo")
        if not photo:
            raise row.fault("photo", "no photo is named")
        if photo in lines:
            first = f"the answers of “{shown(photo)}” stand in line {lines[photo]} already"
            raise row.fault("photo", f"{first}. Which are right?")
        lines[photo] = row.line
        settings = [f"{key}={value.replace(';', ',')}" for key, value in cells.items() if value]
        try:
            found[photo] = parse_settings(settings, load())
        except AnswersError as error:
            raise AnswersError(f"{table.place(row.line)}: {error}") from error
    return found


def fingerprint(answers: Mapping[str, Answers] | None) -> str:
    """Return a hash by which changed answers are noticed; empty without any."""
    if answers is None:
        return ""
    digest = hashlib.sha256()
    for photo in sorted(answers):
        digest.update(json.dumps([photo, answers[photo].as_dict()], sort_keys=True).encode())
    return digest.hexdigest()
