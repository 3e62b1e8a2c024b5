"""Whatever an answers file or a setting holds, it is answers or an ``AnswersError``."""

import json
import tempfile
from pathlib import Path

import pytest
from fuzzing import damaged, fuzz

from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.triage.answers import parse_answers, parse_settings, read_answers

# Kept apart, so that they are tried in every run: bytes, why.
HARD: list[tuple[bytes, str]] = [
    (b"[" * 100_000, "nested deeper than Python goes"),
    (b'{"age_years": ' + b"9" * 5000 + b"}", "a number with more digits than Python reads"),
    (b'{"age_years": 1e999}', "a number beyond all numbers"),
    (b'{"age_years": NaN}', "no number"),
    (b'{"sites": [["face"]]}', "a list in a list"),
    (b'{"sites": [{}]}', "an object in a list"),
    (b'{"fever": "\\ud800"}', "half of a character"),
    (b"\xff\xfe{\0}\0", "UTF-16"),
]


def whole() -> list[bytes]:
    """Answers that use every question, and short ones."""
    every: dict[str, object] = {}
    for question in load().questions.values():
        if question.kind == "number":
            every[question.id] = 30
        else:
            chosen = question.values[0]
            every[question.id] = [chosen] if question.kind == "choices" else chosen
    few = {"age_years": 6, "fever": "yes", "blanches": "no", "sites": ["lower_legs", "buttocks"]}
    return [json.dumps(answers).encode() for answers in (every, few, {}, {"fever": "not_sure"})]


def answers_file(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.json"
        path.write_bytes(data)
        try:
            found = read_answers(path)
        except AnswersError as error:
            assert str(error)  # either way is right
        else:
            assert parse_answers(json.loads(json.dumps(found.as_dict()))) == found


def settings(data: bytes) -> None:
    try:
        parse_settings(data.decode("utf-8", "surrogateescape").split("\n"))
    except AnswersError as error:
        assert str(error)  # either way is right


def test_damaged_answers_files() -> None:
    fuzz(damaged(whole()), answers_file)


def test_damaged_settings() -> None:
    lines = b"age_years=6\nfever=yes\nsites=lower_legs,buttocks\nblanches=no\nsurface=flat"
    fuzz(damaged([lines, b"fever=yes", b"age_years=0.5"]), settings)


@pytest.mark.parametrize(("data", "_why"), HARD, ids=[row[1] for row in HARD])
def test_hard_answers_files(data: bytes, _why: str) -> None:
    answers_file(data)
