"""``reddots triage --score``: missed emergencies first, or one line about what is wrong."""

import json
from pathlib import Path

import pytest

from cli.command_line import CommandLine

LINES = [
    {"id": "a", "answers": {"fever": "yes", "blanches": "no"}, "urgency": "emergency"},
    {"id": "b", "answers": {}, "urgency": "emergency"},
]


def test_the_score_of_a_file(reddots: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "vignettes.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES))
    done = reddots("triage", path, "--score")
    assert done.code == 0
    assert done.out.startswith("Emergencies missed: 1 (b)")
    assert "50.0%" in done.out, "one of two is safe"


# content of the file, None for no file; words of the one line
WRONG = [
    (None, "cannot be opened"),
    ("", "no vignettes"),
    ('{"id": "a", "answers": {}}', "line 1: a vignette needs its gold level"),
    ("nonsense", "line 1: this is not valid JSON"),
]


@pytest.mark.parametrize(("content", "words"), WRONG)
def test_what_cannot_be_scored(
    reddots: CommandLine, tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "vignettes.jsonl"
    if content is not None:
        path.write_text(content)
    done = reddots("triage", path, "--score")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words in done.err
