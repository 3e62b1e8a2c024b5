"""``reddots train``, ``calibrate`` and ``export``: wrong use is one line and exit code 2.

That they do what they should is tried on a whole run in ``tests/training``.
"""

import sys
from pathlib import Path

import pytest

from cli.command_line import CommandLine

# arguments, words on the one line of stderr, why
WRONG = [
    (["train", "gone.csv", "-o", "run"], ["gone.csv", "cannot be read"], "no such manifest"),
    (["train", "m.csv", "-o", "run", "--recipe", "gone.toml"], ["gone.toml"], "no such recipe"),
    (["train", "m.csv", "-o", "run", "--recipe", "bad.toml"], ["bad.toml", "net"], "a recipe that does not fit"),
    (["train", "m.csv", "-o", "m.csv"], ["m.csv", "cannot be written"], "a file where the run should be"),
    (["train", "m.csv", "-o", "run"], ["terms", "DermNet", "forbid training"], "terms forbid it"),
    (["train", "unknown.csv", "-o", "run"], ["rumour", "datasets.toml"], "a set without terms"),
    (["calibrate", "run", "--photos", "."], ["run", "no training run"], "no run to calibrate"),
    (["export", "run", "--photos", ".", "--version", "1"], ["run", "no training run"], "no run to export"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_wrong_use_is_one_line_and_exit_code_2(  # by name
    reddots: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: list[str],
    why: str,
) -> None:
    pytest.importorskip("torch", reason="training needs torch, of the extra “train”")
    monkeypatch.chdir(tmp_path)
    header = "photo,label,dataset,group,split\n"
    (tmp_path / "m.csv").write_text(header + "a.png,normal_skin,dermnetnz,1,train\n")
    (tmp_path / "unknown.csv").write_text(header + "a.png,normal_skin,rumour,1,train\n")
    (tmp_path / "bad.toml").write_text("[net]\n")
    done = reddots(*arguments)
    assert (done.code, done.out) == (2, ""), why
    last = done.err.strip().splitlines()[-1]
    assert all(word in last for word in words), f"{why}: {done.err}"
    assert "Traceback" not in done.err, why


@pytest.mark.parametrize("command", ["train", "calibrate", "export"])
def test_without_the_extra_the_message_says_how_to_get_it(
    reddots: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for name in [n for n in sys.modules if n.startswith("reddots.training")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.csv").write_text("photo,label\na.png,normal_skin\n")
    more = {
        "train": ["m.csv", "-o", "run"],
        "calibrate": ["run", "--photos", "."],
        "export": ["run", "--photos", ".", "--version", "1"],
    }
    done = reddots(command, *more[command])
    assert done.code == 2
    assert "extra “train”" in done.err
    assert "pip install" in done.err
    assert done.err.count("\n") == 1
