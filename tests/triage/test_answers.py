"""Answers are checked, never guessed; every message names what is legal."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from any_case import answers_objects
from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.triage.answers import Answers, parse_answers, parse_settings, read_answers

# raw answers, words that the message must have, why
BAD: list[tuple[Any, list[str], str]] = [
    ([], ["JSON object"], "a list is no answers object"),
    ("fever", ["JSON object"], "nor is a text"),
    ({"fevr": "yes"}, ["fevr", "Did you mean", "fever"], "an unknown key names the near one"),
    ({"xyzzy": "yes"}, ["xyzzy", "questions are"], "an unknown key lists the legal ones"),
    ({"fever": "maybe"}, ["fever", "yes, no, not_sure"], "an unknown value lists the legal ones"),
    ({"fever": True}, ["fever", "yes, no, not_sure"], "a boolean is not guessed at"),
    ({"fever": None}, ["fever", "yes, no, not_sure"], "an empty value is not guessed at"),
    ({"age_years": -1}, ["age_years", "0 to 120"], "an age below 0"),
    ({"age_years": 400}, ["age_years", "0 to 120"], "an age above 120"),
    ({"age_years": "six"}, ["age_years", "0 to 120"], "an age in words"),
    ({"age_years": True}, ["age_years", "0 to 120"], "a boolean is no age"),
    ({"age_years": float("nan")}, ["age_years", "0 to 120"], "not a number"),
    ({"sites": "face"}, ["sites", "list of", "lower_legs"], "a list is needed"),
    ({"sites": ["face", "moon"]}, ["sites", "moon", "lower_legs"], "an unknown site"),
    ({"sites": [["face"]]}, ["sites", "list of"], "a list in a list"),
    ({"onset": "yesterday"}, ["onset", "hours", "years"], "an unknown choice"),
]


@pytest.mark.parametrize(("raw", "words", "why"), BAD, ids=[row[2] for row in BAD])
def test_bad_answers_are_named(raw: Any, words: list[str], why: str) -> None:
    with pytest.raises(AnswersError) as caught:
        parse_answers(raw)
    for word in words:
        assert word in str(caught.value), why


# settings, words that the message must have, why
BAD_SETTINGS = [
    (["fever"], ["key=value"], "no equals sign"),
    (["fever=yes", "fever=no"], ["twice"], "one key twice"),
    (["age_years=old"], ["age_years", "0 to 120"], "a word for a number"),
    (["=yes"], ["questions are"], "no key"),
]


@pytest.mark.parametrize(("given_settings", "words", "why"), BAD_SETTINGS)
def test_bad_settings_are_named(given_settings: list[str], words: list[str], why: str) -> None:
    with pytest.raises(AnswersError) as caught:
        parse_settings(given_settings)
    for word in words:
        assert word in str(caught.value), why


def test_settings_are_understood() -> None:
    answers = parse_settings(["age_years=6", "sites=feet,face", "fever = yes", "colour="])
    assert answers.as_dict() == {"age_years": 6, "sites": ["face", "feet"], "fever": "yes"}, (
        "numbers, lists in the question's order, spaces; an empty list is unknown"
    )


@given(answers_objects())
def test_answers_survive_json(answers: Answers) -> None:
    assert parse_answers(json.loads(json.dumps(answers.as_dict()))) == answers


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "not valid JSON"), (b"\xff\xfe", "not valid JSON"), (b"[" * 100_000, "not valid JSON")],
)
def test_unreadable_answers_files_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=words):
        read_answers(path)
    with pytest.raises(AnswersError, match="cannot be read"):
        read_answers(tmp_path / "missing.json")


def test_every_contract_key_can_be_answered() -> None:
    for question in load().questions.values():
        value: Any = 5 if question.kind == "number" else question.values[0]
        if question.kind == "choices":
            value = [value]
        assert parse_answers({question.id: value}).as_dict() == {question.id: value}


@pytest.mark.parametrize(
    "question", [q.id for q in load().questions.values() if q.kind == "choices"]
)
def test_an_empty_list_is_no_answer(question: str) -> None:
    """No option says “none of these”: whoever ticked nothing has not answered."""
    with_others = {"age_years": 30, "fever": "no", question: []}
    without = {"age_years": 30, "fever": "no"}
    assert parse_answers(with_others) == parse_answers(without)
    assert question not in parse_answers(with_others).as_dict()
