"""A stream of cases: each line gives one result, in order, and a bad one stops nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_case import answers_objects
from reddots.errors import CheckpointError
from reddots.triage.answers import Answers
from reddots.triage.assessment import Assessment, assess
from reddots.triage.cases import triage_lines


def assess_case(answers: Answers, photo: Path | None, case_id: str) -> Assessment:
    """Assess the answers; a photo would need a checkpoint, and there is none here."""
    if photo is not None:
        raise CheckpointError(f"No checkpoint is installed, so {photo} cannot be looked at.")
    return assess(answers, case_id=case_id)


def results(*lines: bytes) -> list[tuple[dict[str, Any], bool]]:
    return list(triage_lines(lines, assess_case, Path("folder")))


# line, id that comes back, words that the error must have, why
BAD = [
    (b"not json", None, ["line 1", "not valid JSON"], "no JSON"),
    (b'{"id": "a"', None, ["not valid JSON"], "half a line"),
    (b"\xff\xfe", None, ["not valid JSON"], "no text"),
    (b"[" * 100_000, None, ["not valid JSON"], "brackets without end"),
    (b"[]", None, ["JSON object"], "a list"),
    (b'"fever"', None, ["JSON object"], "a text"),
    (b"{}", None, ["needs an “id”"], "no id"),
    (b'{"id": null}', None, ["needs an “id”"], "an empty id"),
    (b'{"id": true}', True, ["needs an “id”"], "a truth is no id"),
    (b'{"id": 1.5}', 1.5, ["needs an “id”"], "half a number is none"),
    (b'{"id": ["a"]}', ["a"], ["needs an “id”"], "nor a list"),
    (b'{"id": "a", "extra": 1}', "a", ["extra", "only id, answers and photo"], "an unknown key"),
    (b'{"id": "a", "answers": []}', "a", ["JSON object"], "answers that are a list"),
    (b'{"id": "a", "answers": {"fevr": "yes"}}', "a", ["fevr", "Did you mean"], "a bad question"),
    (b'{"id": "a", "answers": {"fever": 1}}', "a", ["fever", "not_sure"], "a bad answer"),
    (b'{"id": "a", "photo": 7}', "a", ["photo", "path"], "a photo that is no path"),
    (b'{"id": "a", "photo": "x.jpg"}', "a", ["folder/x.jpg"], "a photo without a checkpoint"),
    (
        b'{"id": "a", "answers": {"fever": "no", "fever": "yes"}}',
        None,
        ["fever", "twice"],
        "one question twice",
    ),
]


@pytest.mark.parametrize(("line", "case_id", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_a_bad_line_becomes_its_error(
    line: bytes, case_id: object, words: list[str], why: str
) -> None:
    ((result, good),) = results(line)
    assert not good, why
    assert set(result) == {"id", "error"}
    assert result["id"] == case_id
    for word in words:
        assert word in result["error"], why


# line, id, why
GOOD = [
    (b'{"id": "a", "answers": {}}', "a", "nothing is known"),
    (b'{"id": 7}', 7, "a number stays a number, and answers may be left out"),
    (b'{"id": ""}', "", "an empty text is an id"),
    (b'{"id": "a", "photo": null}', "a", "no photo"),
    (b'{"id": "a", "photo": ""}', "a", "an empty path is no photo"),
    (b'\xef\xbb\xbf{"id": "a"}', "a", "the mark that some editors put first"),
    (b'  {"id": "a"}  \r\n', "a", "spaces and line ends of Windows"),
]


@pytest.mark.parametrize(("line", "case_id", "why"), GOOD, ids=[row[2] for row in GOOD])
def test_a_good_line_becomes_an_assessment(line: bytes, case_id: object, why: str) -> None:
    ((result, good),) = results(line)
    assert good, why
    assert result["id"] == case_id
    assert result["schema"] == "reddots.assessment/1"


def test_blank_lines_are_passed_over_but_counted() -> None:
    found = results(b"\n", b'{"id": "a"}\n', b"  \n", b"bad\n")
    assert [result["id"] for result, _ in found] == ["a", None]
    assert "line 4" in found[1][0]["error"], "as an editor counts"


def test_lines_are_taken_as_they_come() -> None:
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(len(taken))
            yield b'{"id": 1, "answers": {}}\n'

    stream = triage_lines(endless(), assess_case, Path())
    for _ in range(3):
        next(stream)
    assert len(taken) == 3, "memory does not grow with the number of cases"


@given(answers_objects())
def test_a_case_says_the_same_as_one_person(answers: Answers) -> None:
    line = json.dumps({"id": "x", "answers": answers.as_dict()}).encode()
    ((result, good),) = results(line)
    assert good
    assert result == assess(answers, case_id="x").to_json()


@given(st.binary(max_size=200))
def test_any_bytes_give_a_result_or_an_error(line: bytes) -> None:
    for result, good in results(line):
        assert good == ("error" not in result)
