"""Writes the reference of the answers, ``docs/answers.md``, from the data."""

from pathlib import Path

from reddots.knowledge import load
from reddots.knowledge.reference import answers_reference

PLACE = Path(__file__).resolve().parents[1] / "docs" / "answers.md"


def main() -> None:
    """Write the file."""
    PLACE.write_text(answers_reference(load()), encoding="utf-8")


if __name__ == "__main__":
    main()
