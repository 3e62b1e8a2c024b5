"""The table of threats: each has a test, each test is there, and none is left out."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]\d+) \| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE)


def test_every_kind_of_threat_was_thought_of() -> None:
    assert {number[0] for number, *_ in ROWS} == set("STRIDE")


def test_a_threat_is_listed_once() -> None:
    numbers = [number for number, *_ in ROWS]
    assert len(numbers) == len(set(numbers))


def test_every_threat_has_tests_and_each_of_them_exists() -> None:
    for number, _, _, tests in ROWS:
        named = re.findall(r"`(tests/[^`]+)`", tests)
        assert named, number
        for name in named:
            assert (ROOT / name).exists(), f"{number}: {name}"


def test_every_test_of_security_stands_against_a_threat() -> None:
    for path in Path(__file__).parent.glob("test_*.py"):
        assert path.name in TABLE or path == Path(__file__), path.name
