"""Commands never write onto what they read, and the advice comes first, whatever a map's fate."""

import json
from pathlib import Path

import pytest
from PIL import Image

from cli.command_line import CommandLine
from reddots._output import reserved_file, reserved_folder
from reddots.datasets.manifest import read_manifest
from tiny_checkpoint import SKIN


@pytest.fixture
def folder(tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (200, 200), tuple(SKIN)).save("a.png")
    (tmp_path / "m.csv").write_text("photo,label,age\na.png,normal_skin,7\n")
    (tmp_path / "p.csv").write_text("photo,p_a,p_b\na.png,0.5,0.5\n")
    (tmp_path / "c.jsonl").write_text('{"id": "x", "answers": {"fever": "yes"}}\n')
    (tmp_path / "soft.jsonl").symlink_to("c.jsonl")
    (tmp_path / "hard.jsonl").hardlink_to("c.jsonl")
    return tmp_path


# a command that would write onto its input; why
ONTO = [
    (["triage", "c.jsonl", "-o", "c.jsonl"], "the cases"),
    (["triage", "c.jsonl", "-o", "./soft.jsonl"], "by a link"),
    (["triage", "soft.jsonl", "-o", "c.jsonl"], "of a link"),
    (["triage", "c.jsonl", "-o", "hard.jsonl"], "by a hard link"),
    (["data", "check", "m.csv", "--json", "m.csv"], "the manifest"),
    (["data", "check", "m.csv", "--merge-groups", "-o", "m.csv"], "the manifest, merged"),
    (["data", "import", ".", "--dataset", "own", "--table", "m.csv", "-o", "m.csv"], "the table"),
    (["classify", "m.csv", "-o", "m.csv"], "the list of photos"),
    (["classify", "a.png", "--answers", "m.csv", "-o", "m.csv"], "the answers"),
    (["data", "healthy", "m.csv", "-o", "."], "a manifest of the folder"),
]


@pytest.mark.parametrize(("command", "why"), ONTO, ids=[row[1] for row in ONTO])
def test_no_command_writes_onto_its_input(
    reddots: CommandLine, folder: Path, command: list[str], why: str
) -> None:
    if why == "a manifest of the folder":
        (folder / "m.csv").rename(folder / "manifest.csv")
        command = [part.replace("m.csv", "manifest.csv") for part in command]
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    done = reddots(*command)
    assert done.code == 2, done.err
    assert "read by this run" in done.err or "answers" in why
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


BUSY: list[tuple[list[str], str]] = [
    (["triage", "c.jsonl", "-o", "o"], "file"),
    (["classify", "a.png", "-o", "o.csv"], "file"),
    (["data", "import", ".", "--dataset", "own", "-o", "o.csv"], "file"),
    (["evaluate", "p.csv", "--truth", "m.csv", "-o", "o"], "folder"),
    (["compare", "p.csv", "p.csv", "--truth", "m.csv", "-o", "o"], "folder"),
    (["drift", "p.csv", "p.csv", "-o", "o"], "folder"),
    (["stress", "m.csv", "-o", "o"], "folder"),
    (["data", "healthy", "m.csv", "-o", "o"], "folder"),
]


@pytest.mark.parametrize(("command", "kind"), BUSY, ids=[row[0][0] for row in BUSY])
def test_the_second_of_two_runs_is_refused(
    reddots: CommandLine, folder: Path, command: list[str], kind: str
) -> None:
    output = folder / command[-1]
    reserved = reserved_file(output) if kind == "file" else reserved_folder(output)
    with reserved:
        done = reddots(*command)
    assert done.code == 2
    assert "another run" in done.err
    assert done.err.count("\n") == 1


# where the map is to go, words, why
MAPS = [
    ("a.png", "read by this run", "onto the photo"),
    ("no/map.png", "there is no folder", "in a folder that is missing"),
    ("folder.png", "it is a folder", "onto a folder"),
]


@pytest.mark.parametrize(("place", "words", "why"), MAPS, ids=[row[2] for row in MAPS])
def test_a_map_that_cannot_be_written_does_not_keep_the_advice(
    reddots: CommandLine, folder: Path, place: str, words: str, why: str
) -> None:
    (folder / "folder.png").mkdir()
    before = (folder / "a.png").read_bytes()
    done = reddots("assess", "a.png", "--set", "fever=yes", "--json", "--map", place)
    assert done.code == 2, why
    assert json.loads(done.out)["urgency"], "the advice comes first"
    assert words in done.err
    assert (folder / "a.png").read_bytes() == before
    assert not (folder / "no").exists()


def test_merged_groups_keep_columns_that_are_not_ours(reddots: CommandLine, folder: Path) -> None:
    done = reddots("data", "check", "m.csv", "--merge-groups", "-o", "out.csv")
    assert done.code == 0, done.err
    assert read_manifest(folder / "out.csv").rows[0].extra == (("age", "7"),)


@pytest.mark.slow
def test_names_are_safe_for_a_spreadsheet_and_come_back(reddots: CommandLine, folder: Path) -> None:
    names = ["=1+1.png", "+a.png", "-b.png", "@c.png", "'=d.png", "plain.png"]
    (folder / "photos").mkdir()
    for name in names:
        Image.new("RGB", (64, 64), tuple(SKIN)).save(folder / "photos" / name, "PNG")
    listed = folder / "photos" / "m.csv"
    listed.write_text(
        "photo\n" + "".join("'" * n.startswith(("=", "+", "-", "@", "'")) + n + "\n" for n in names)
    )
    assert reddots("classify", listed, "-o", "t.csv", "--workers", 1).code == 0
    table = (folder / "t.csv").read_text()
    assert not [line for line in table.splitlines() if line[0] in "=+-@"]
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == [
        "'=1+1.png", "'+a.png", "'-b.png", "'@c.png", "''=d.png", "plain.png",
    ]  # fmt: skip
    assert reddots("classify", "t.csv", "-o", "again.csv", "--workers", 1).code == 1, "not there"
    assert (folder / "again.csv").read_text().splitlines()[1].startswith("'=1+1.png,")


# options that would be ignored in silence, words
IGNORED = [
    (["triage", "c.jsonl", "--score", "-o", "o.jsonl"], "leave out -o"),
    (["triage", "c.jsonl", "--walk"], "--walk goes with --score"),
    (["spots", "compare", "a.png", "a.png", "--glass", "-o", "o.png"], "leave out -o"),
]


@pytest.mark.parametrize(("command", "words"), IGNORED, ids=[row[1] for row in IGNORED])
def test_no_option_is_ignored_in_silence(
    reddots: CommandLine, folder: Path, command: list[str], words: str
) -> None:
    before = set(folder.iterdir())
    done = reddots(*command)
    assert done.code == 2
    assert words in " ".join(done.err.split())
    assert set(folder.iterdir()) == before


def test_a_report_is_not_written_onto_vignettes_that_are_called_like_it(
    reddots: CommandLine, folder: Path
) -> None:
    cases = folder / "score.json"
    cases.write_text('{"id": "1", "urgency": "routine"}\n')
    (folder / "advice.csv").write_text("id,urgency\n1,routine\n")
    done = reddots("score", "advice.csv", "--vignettes", "score.json", "-o", ".")
    assert (done.code, "read by this run" in done.err) == (2, True)
    assert cases.read_text().startswith('{"id"')
