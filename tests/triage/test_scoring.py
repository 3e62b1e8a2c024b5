"""The figures of merit of triage, on vignettes whose scores are plain to see."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from any_case import CALM
from reddots.cli.render.score_tables import print_score
from reddots.errors import TableError
from reddots.knowledge import Urgency
from reddots.triage.scoring import Score, score_lines

EMERGENCY = {"age_years": 6, "fever": "yes", "blanches": "no"}
ANGIOMA: dict[str, Any] = {
    **dict(pair.split("=") for pair in CALM.split()),
    "age_years": 50,
    "surface": ["smooth_bump"],
    "colour": ["red"],
    "onset": "years",
    "changed": "no",
}


def lines(*vignettes: dict[str, Any]) -> list[bytes]:
    return [json.dumps({"id": f"v{i}", **v}).encode() for i, v in enumerate(vignettes)]


# answers, gold, accept, safe, exact, over, why
ROWS: list[tuple[dict[str, Any], str, list[str], bool, bool, bool, str]] = [
    (EMERGENCY, "emergency", [], True, True, False, "the gold level itself"),
    (ANGIOMA, "emergency", [], False, False, False, "a missed emergency"),
    (EMERGENCY, "routine", [], True, False, True, "safe but above"),
    ({}, "same_day", ["routine", "same_day"], True, True, False, "within the accepted range"),
    (ANGIOMA, "within_days", ["routine", "within_days"], False, False, False, "below the range"),
    (
        {"fever": "perhaps"},
        "routine",
        [],
        False,
        False,
        False,
        "what cannot be assessed is not safe",
    ),
]


@pytest.mark.parametrize(("answers", "gold", "accept", "safe", "exact", "over", "why"), ROWS)
def test_one_vignette(  # by name
    answers: dict[str, Any],
    gold: str,
    accept: list[str],
    safe: bool,
    exact: bool,
    over: bool,
    why: str,
) -> None:
    (case,) = score_lines(lines({"answers": answers, "urgency": gold, "accept": accept})).cases
    assert (case.is_safe, case.is_exact, case.is_over) == (safe, exact, over), why


def some() -> Score:
    return score_lines(lines(*({"answers": a, "urgency": g, "accept": r} for a, g, r, *_ in ROWS)))


def test_all_together() -> None:
    tally = some().overall
    assert (tally.n, tally.given, tally.safe, tally.exact, tally.over) == (6, 5, 3, 2, 1)
    assert tally.under == 3
    assert tally.inclination_to_over_triage == pytest.approx(1 / 4), "one of four wrong is above"
    assert some().missed_emergencies == ("v1",)


def test_by_level() -> None:
    by_level = {t.name: t for t in some().by_level}
    assert some().by_level[0].name == "emergency", "the most urgent first"
    assert by_level["emergency"].n == 2
    assert by_level["self_care"].n == 0
    assert by_level["self_care"].inclination_to_over_triage is None


def test_by_category_and_naming() -> None:
    score = score_lines(
        lines(
            {"answers": ANGIOMA, "urgency": "self_care", "category": "cherry_angioma"},
            {"answers": ANGIOMA, "urgency": "self_care", "category": "petechiae"},
            {"answers": {}, "urgency": "routine"},
        )
    )
    assert [(t.name, t.n) for t in score.by_category] == [
        ("cherry_angioma", 1), ("none", 1), ("petechiae", 1),
    ]  # fmt: skip
    assert score.named_right == (1, 2)


# lines, words of the message
BAD = [
    ([b"not json"], "line 1: this is not valid JSON"),
    ([b"[]"], "line 1"),
    ([b'{"id": "a", "answers": {}}'], "gold level"),
    ([b"", b'{"id": "a", "answers": {}, "urgency": "soon"}'], "line 2"),
    ([b'{"id": "a", "answers": {}, "urgency": "routine", "accept": ["x"]}'], "gold level"),
    ([b"", b"  "], "no vignettes"),
]


@pytest.mark.parametrize(("given", "words"), BAD)
def test_what_is_no_vignette_is_named(given: list[bytes], words: str) -> None:
    with pytest.raises(TableError, match=words):
        score_lines(given)


def test_the_scoreboard_starts_with_missed_emergencies() -> None:
    console = Console(record=True, width=120, file=io.StringIO())
    print_score(some(), console)
    text = console.export_text()
    assert text.startswith("Emergencies missed: 1 (v1)")
    assert "not exact: v2: emergency, gold routine" in text
    assert all(level.id in text for level in Urgency)
