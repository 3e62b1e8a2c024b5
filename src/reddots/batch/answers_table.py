"""Answers by photo, from a CSV file."""

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from reddots.errors import AnswersError, TableError
from reddots.knowledge import load
from reddots.triage.answers import Answers, parse_settings


def read_answers_table(path: Path) -> Mapping[str, Answers]:
    """Read answers by photo from a CSV file: ``photo`` and one column a question.

    An empty cell is unknown; several choices are joined by ``;``.

    Raises:
        TableError: the file cannot be read or has no column ``photo``.
        AnswersError: a row has an unknown question or an illegal value; the message names it.
    """
    found: dict[str, Answers] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if "photo" not in (reader.fieldnames or ()):
                raise TableError(f"The answers file {path} has no column “photo”.")
            for row in reader:
                photo = row.pop("photo")
                if None in row:
                    raise TableError(f"{path}, line {reader.line_num} has more cells than columns.")
                settings = [
                    f"{key}={(value or '').replace(';', ',')}"
                    for key, value in row.items()
                    if value
                ]
                try:
                    found[photo] = parse_settings(settings, load())
                except AnswersError as error:
                    raise AnswersError(f"{path}, line {reader.line_num}: {error}") from error
    except OSError as error:
        raise TableError(f"The answers file {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"The answers file {path} cannot be read: {error}.") from error
    return found


def fingerprint(answers: Mapping[str, Answers] | None) -> str:
    """Return a hash by which changed answers are noticed; empty without any."""
    if answers is None:
        return ""
    digest = hashlib.sha256()
    for photo in sorted(answers):
        digest.update(json.dumps([photo, answers[photo].as_dict()], sort_keys=True).encode())
    return digest.hexdigest()
