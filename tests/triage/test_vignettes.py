"""The project's vignettes: no emergency is missed, and advice is never below the gold level."""

import json
from collections import Counter
from pathlib import Path

import pytest

from reddots.knowledge import Urgency, load
from reddots.triage.answers import parse_answers
from reddots.triage.scoring import Scored, score_lines
from reddots.triage.urgency import reasons_from_answers

FOLDER = Path(__file__).parents[1] / "vignettes"
LINES = [
    line for path in sorted(FOLDER.rglob("*.jsonl")) for line in path.read_bytes().splitlines()
]
SCORE = score_lines(LINES)
BY_ID = {c.id: c for c in SCORE.cases}


def test_there_are_enough() -> None:
    assert len(SCORE.cases) >= 120
    assert len(BY_ID) == len(SCORE.cases), "each id once"
    golds = Counter(c.gold for c in SCORE.cases)
    assert min(golds[level] for level in Urgency) >= 25, "every level is well covered"


def test_no_emergency_is_missed() -> None:
    assert SCORE.missed_emergencies == ()


@pytest.mark.parametrize("case", SCORE.cases, ids=lambda case: case.id)
def test_the_advice_is_safe(case: Scored) -> None:
    assert case.is_safe or case.id in KNOWN_UNSAFE, f"{case.advised} is below {case.least}"


# scored and mended on, so that these say what the rules hold, not how they do on new cases
KNOWN_UNSAFE = {"s2c-061"}  # eczema that creams no longer help, which no question tells


def test_calm_people_are_told_so() -> None:
    home, calm = SCORE.calm_cared_for_at_home
    assert home / calm >= 0.9


def test_calm_cases_are_seldom_over_triaged() -> None:
    calm = [c for c in SCORE.cases if c.gold <= Urgency.ROUTINE]
    over = [c.id for c in calm if c.is_over]
    assert len(over) / len(calm) <= 0.05, f"too often too urgent: {over}"


def test_every_rule_is_met_twice() -> None:
    met: Counter[str] = Counter()
    for line in LINES:
        reasons = reasons_from_answers(parse_answers(json.loads(line)["answers"]), load())
        met.update({reason.rule for reason in reasons})
    rules = load().rules.rules
    assert [r.id for r in rules if met[r.id] < 2] == []


def test_every_vignette_names_its_source() -> None:
    assert [v["id"] for v in map(json.loads, LINES) if not (v["source"] and v["story"])] == []
