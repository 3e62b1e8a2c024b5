"""``reddots classify``: a table, a summary, and an exit code that says whether all went well."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from cli.command_line import CommandLine
from tiny_checkpoint import BLUE, RED, SKIN


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, colour in [("a.png", SKIN), ("b.png", RED), ("c.png", BLUE)]:
        Image.new("RGB", (160, 160), colour).save(folder / name)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def _list_beside(photos: Path) -> None:
    (photos.parent / "list.csv").write_text("photo\nphotos/a.png\n")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table(reddots: CommandLine, photos: Path, tmp_path: Path) -> None:
    done = reddots("classify", "photos", "-o", "table.csv", "--workers", 1)
    assert (done.code, done.out) == (0, ""), "nothing but the table"
    assert "3 photos, 1 without skin, 0 errors; wrote table.csv" in done.err
    found = rows(tmp_path / "table.csv")
    assert [row["photo"] for row in found] == ["photos/a.png", "photos/b.png", "photos/c.png"]
    assert [row["category"] for row in found] == ["normal_skin", "cherry_angioma", "not_skin"]
    assert {row["urgency"] for row in found} == {""}, "without answers there is no urgency"
    assert photos.is_dir()


def test_a_photo_that_cannot_be_read_is_listed_and_gives_exit_code_1(
    reddots: CommandLine, photos: Path, tmp_path: Path
) -> None:
    (photos / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    done = reddots("classify", "photos", "gone.jpg", "-o", "table.jsonl", "--workers", 1)
    assert done.code == 1
    assert "5 photos, 1 without skin, 2 errors" in done.err
    found = [json.loads(line) for line in (tmp_path / "table.jsonl").read_text().splitlines()]
    assert [row["status"] for row in found] == ["ok", "ok", "rejected", "error", "error"]
    assert "damaged" in found[3]["error"]
    assert "not there" in found[4]["error"]


def test_answers_are_joined_by_photo(reddots: CommandLine, photos: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "photo,age_years,fever,blanches,sites\nphotos/a.png,6,yes,no,feet;face\nelsewhere.png,,,,\n"
    )
    done = reddots("classify", photos.name, "-o", "t.csv", "--answers", answers, "--workers", 1)
    assert done.code == 0
    found = rows(tmp_path / "t.csv")
    assert (found[0]["urgency"], found[0]["see_doctor"]) == ("emergency", "true")
    assert (found[1]["urgency"], found[1]["see_doctor"]) == ("", "")
    assert "1 photo with answers is not among these: elsewhere.png" in done.err


@pytest.mark.slow
def test_a_list_on_standard_input(
    reddots: CommandLine, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = b"photos/c.png\0photos/gone\n.png\0photos/sp\xff.png\0photos/c.png\0photos\0"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(names)))
    done = reddots("classify", "-", "-o", "table.csv", "--workers", 1)
    assert "5 photos, 2 without skin, 3 errors" in done.err
    found = rows(tmp_path / "table.csv")
    assert [row["photo"] for row in found] == [
        "photos/c.png", "photos/gone\n.png", "photos/sp\\udcff.png", "photos/c.png", "photos",
    ]  # fmt: skip
    assert "not a file" in found[4]["error"], "a name in a list is never a folder"
    assert photos.is_dir()


@pytest.mark.usefixtures("photos")
@pytest.mark.slow
def test_shards_are_merged_into_the_same_table(reddots: CommandLine, tmp_path: Path) -> None:
    given = ("classify", "photos", "gone.png", "--workers", 1)
    reddots(*given, "-o", "whole.csv")
    for share in ("1/2", "2/2"):
        done = reddots(*given, "-o", f"{share[0]}.csv", "--shard", share)
        assert "2 photos" in done.err
    done = reddots("merge", "2.csv", "1.csv", "-o", "merged.csv")
    assert (done.code, done.out) == (0, "")
    assert done.err == "reddots: 4 photos of 2 parts; wrote merged.csv\n"
    assert (tmp_path / "merged.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    done = reddots("merge", "2.csv", "-o", "half.csv")
    assert (done.code, done.err) == (2, "reddots: Of the parts, 1 is missing: 1/2.\n")
    assert not (tmp_path / "half.csv").exists()


@pytest.mark.usefixtures("photos")
def test_a_limit(reddots: CommandLine, tmp_path: Path) -> None:
    done = reddots("classify", "photos", "-o", "t.csv", "--limit", 2, "--workers", 1)
    assert "2 photos" in done.err
    assert [row["photo"] for row in rows(tmp_path / "t.csv")] == ["photos/a.png", "photos/b.png"]


@pytest.mark.usefixtures("photos")
@pytest.mark.slow
def test_lines_of_json_on_standard_output(reddots: CommandLine, tmp_path: Path) -> None:
    reddots("classify", "photos", "-o", "t.jsonl", "--workers", 1)
    done = reddots("classify", "photos", "-o", "-", "--workers", 1)
    assert done.out == (tmp_path / "t.jsonl").read_text()
    assert done.err == "reddots: 3 photos, 1 without skin, 0 errors\n"


# what the table is called, the photos, why
OWN_FILES = [
    ("photos/t.csv", "photos", "a folder"),
    ("photos/t.parquet", "photos", "a folder, with Parquet"),
    ("photos/t.jsonl", "photos/*", "a pattern"),
    ("photos/t.jsonl", "**/*", "a deep pattern"),
]


@pytest.mark.parametrize(("table", "given", "why"), OWN_FILES)
@pytest.mark.usefixtures("photos")
@pytest.mark.slow
def test_a_table_among_the_photos_is_none_of_them(
    reddots: CommandLine, table: str, given: str, why: str
) -> None:
    for _ in range(2):  # the second time the table is there
        done = reddots("classify", given, "-o", table, "--workers", 1)
        assert done.code == 0, why
        assert done.err.endswith(f"reddots: 3 photos, 1 without skin, 0 errors; wrote {table}\n")


@pytest.mark.usefixtures("photos")
@pytest.mark.slow
def test_shards_among_the_photos_do_not_see_each_other(
    reddots: CommandLine, tmp_path: Path
) -> None:
    tables = [f"photos/{number}.csv" for number in (1, 2)]
    for number, table in enumerate(tables, 1):
        reddots("classify", "photos", "-o", table, "--shard", f"{number}/2", "--workers", 1)
    done = reddots("merge", *tables, "-o", "merged.csv")
    assert (done.code, len(rows(tmp_path / "merged.csv"))) == (0, 3)


@pytest.mark.usefixtures("_list_beside")
def test_what_a_run_reads_is_not_written_over(reddots: CommandLine, photos: Path) -> None:
    list_of_photos = photos.parent / "list.csv"
    before = list_of_photos.read_bytes()
    for more in (["list.csv"], ["photos", "--answers", "list.csv"]):
        done = reddots("classify", *more, "-o", "./list.csv", "--workers", 1)
        assert (done.code, done.err) == (
            2,
            "reddots: list.csv is read by this run: name another file to write.\n",
        )
        assert list_of_photos.read_bytes() == before


# arguments, words on the one line of stderr, why
WRONG = [
    (["photos", "-o", "table.xlsx"], ".csv, .jsonl or .parquet", "a format that is not written"),
    (["photos", "-o", "no/where/table.csv"], "cannot be written", "a folder that is not there"),
    (["photos", "-o", "t.csv", "--answers", "gone.csv"], "cannot be read", "no answers file"),
    (["photos", "-o", "t.csv", "--answers", "bad.csv"], "Did you mean", "an unknown question"),
    (["bad.csv", "-o", "t.csv", "--answers", "bad.csv"], "Did you mean", "told before the photos"),
    (["photos", "gone.csv", "no_photo.csv", "-o", "t.csv"], "no column", "told before the photos"),
    (["no_photo.csv", "-o", "t.csv"], "no column", "a manifest without photos"),
]


@pytest.mark.parametrize(("arguments", "words", "why"), WRONG, ids=[row[2] for row in WRONG])
@pytest.mark.usefixtures("photos")
def test_wrong_use_is_one_line_and_exit_code_2(
    reddots: CommandLine, tmp_path: Path, arguments: list[str], words: str, why: str
) -> None:
    (tmp_path / "bad.csv").write_text("photo,fevr\na.png,yes\n")
    (tmp_path / "no_photo.csv").write_text("file\na.png\n")
    done = reddots("classify", *arguments, "--workers", 1)
    assert done.code == 2, why
    assert words in done.err, why
    assert done.err.count("\n") == 1, why
    assert not list(tmp_path.glob("t.csv*")), "nothing was begun"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["photos"],
        ["photos", "-o", "t.csv", "--workers", "0"],
        ["photos", "-o", "t.csv", "--shard", "3/2"],
        ["photos", "-o", "t.csv", "--limit", "-1"],
        ["photos", "-o", "-", "--resume"],
    ],
)
@pytest.mark.usefixtures("photos")
def test_missing_arguments_are_exit_code_2(reddots: CommandLine, arguments: list[str]) -> None:
    done = reddots("classify", *arguments)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_without_a_checkpoint_there_is_one_line(
    reddots: CommandLine, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", "gone.json")
    done = reddots("classify", photos.name, "-o", "t.csv")
    assert done.code == 2
    assert "gone.json" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.slow
def test_a_killed_run_goes_on_in_a_process_of_its_own(photos: Path, tmp_path: Path) -> None:
    for number in range(6):
        Image.new("RGB", (160, 160), (200, 150 + number, 130)).save(photos / f"n{number}.png")
    command = [sys.executable, "-m", "reddots", "classify", "photos", "--workers", "1", "-o"]
    whole = subprocess.run([*command, "whole.csv"], cwd=tmp_path, check=True, capture_output=True)
    running = subprocess.Popen([*command, "cut.csv"], cwd=tmp_path, stderr=subprocess.PIPE)
    journal = tmp_path / "cut.csv.journal"
    while running.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n")):
        os.sched_yield()
    running.kill()
    running.communicate()
    done = subprocess.run(
        [*command, "cut.csv", "--resume"], cwd=tmp_path, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cut.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert b"9 photos" in whole.stderr
    assert not journal.exists()
