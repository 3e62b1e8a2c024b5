"""The reference of the answers is written from the data, and is current."""

from pathlib import Path

from reddots.knowledge import load
from reddots.knowledge.reference import answers_reference

SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "answers.md"


def test_the_shipped_reference_is_current() -> None:
    """Mended by ``python scripts/answers.py``."""
    assert SHIPPED.read_text(encoding="utf-8") == answers_reference(load())


def test_every_key_has_its_row() -> None:
    text = answers_reference(load())
    assert [q for q in load().questions if f"| `{q}`" not in text] == []
