"""A batch has a row for each photo, in order, and a run that was cut goes on where it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

from reddots.batch.inputs import PhotoInput
from reddots.batch.run import BatchOutcome, run_batch
from reddots.errors import CheckpointError, TableError
from reddots.triage.answers import parse_settings
from tiny_checkpoint import BLUE, OUTPUTS, RED, SKIN, side_car, write_checkpoint


@pytest.fixture
def photos(tmp_path: Path) -> list[PhotoInput]:
    """Skin, a red spot, no skin, a damaged photo, no photo, a name that is no UTF-8, skin."""
    found = []
    for name, colour in [("a.png", SKIN), ("b.jpg", RED), ("c.png", BLUE)]:
        Image.new("RGB", (160, 160), colour).save(tmp_path / name)
        found.append(PhotoInput(name, tmp_path / name))
    (tmp_path / "d.jpg").write_bytes((tmp_path / "b.jpg").read_bytes()[:300])
    found.append(PhotoInput("d.jpg", tmp_path / "d.jpg"))
    found.append(PhotoInput("gone.jpg", tmp_path / "gone.jpg"))
    found.append(PhotoInput("sp\\udcffts.jpg", tmp_path / "sp\udcffts.jpg"))
    found.append(PhotoInput("again/a.png", tmp_path / "a.png"))
    return found


def run(photos: list[PhotoInput], output: Path, checkpoint: Path, **more: Any) -> BatchOutcome:
    return run_batch(photos, output, checkpoint=checkpoint, **more)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_one_row_for_each_photo_in_their_order(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    seen: list[str] = []
    outcome = run(
        photos, output, tiny_checkpoint, on_row=lambda row: seen.append(str(row["photo"]))
    )
    rows = read(output)
    assert [row["photo"] for row in rows] == [photo.name for photo in photos] == seen
    assert [row["status"] for row in rows] == [
        "ok",
        "ok",
        "rejected",
        "error",
        "error",
        "error",
        "ok",
    ]
    assert outcome == BatchOutcome(total=7, errors=3, rejected=1)
    assert [row["category"] for row in rows[:3]] == ["normal_skin", "cherry_angioma", "not_skin"]
    assert rows[0] == {**rows[6], "photo": "a.png"}, "the same file gives the same row"
    for row in rows:
        assert bool(row["error"]) == (row["status"] == "error")
        probabilities = [row[f"p_{output}"] for output in OUTPUTS]
        if row["status"] == "error":
            assert probabilities == [None] * len(OUTPUTS)
        else:
            assert sum(probabilities) == pytest.approx(1)
            likeliest = OUTPUTS[probabilities.index(max(probabilities))]
            assert row["category_training"] == likeliest
            assert 0 < row["confidence"] <= 1
        assert row["model"] == "reddots-0.0.0"
        assert (row["urgency"], row["see_doctor"]) == ("", None), "nobody gave answers"
    assert [row["quality"] for row in rows[3:6]] == ["unreadable", "missing", "missing"]
    assert sorted(p.name for p in tmp_path.glob("table*")) == ["table.jsonl"], "no journal is left"


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.slow
def test_the_table_does_not_depend_on_the_number_of_workers(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path, ending: str, count: int
) -> None:
    reference, output = tmp_path / "reference.jsonl", tmp_path / f"table.{ending}"
    run(photos, reference, tiny_checkpoint)
    run(photos, output, tiny_checkpoint, workers=count)
    if ending == "jsonl":
        assert output.read_bytes() == reference.read_bytes()
    elif ending == "parquet":
        assert pq.read_table(output).to_pylist() == read(reference)
    else:
        assert output.read_text("utf-8").count("\n") == len(photos) + 1


def test_answers_give_their_photo_an_urgency(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    answers = {
        "a.png": parse_settings(["fever=yes", "blanches=no"]),
        "c.png": parse_settings([]),
        "gone.jpg": parse_settings(["drowsy_or_confused=yes"]),
    }
    run(photos, output, tiny_checkpoint, answers=answers)
    found = {row["photo"]: (row["urgency"], row["see_doctor"]) for row in read(output)}
    assert found["a.png"] == ("emergency", True)
    assert found["c.png"] == ("routine", True), "a photo without skin: its answers alone"
    assert found["gone.jpg"] == ("emergency", True), "a missing photo: its answers alone"
    assert found["b.jpg"] == ("", None), "no answers, no urgency"


class CutError(RuntimeError):
    """The run is killed."""


def cut_after(rows: int) -> Any:
    """Stand in for a run that is killed after so many rows."""
    count = 0

    def on_row(_: object) -> None:
        nonlocal count
        count += 1
        if count == rows:
            raise CutError

    return on_row


# rows before the run was cut, what happened to the journal's end, why
CUTS = [
    (1, b"", "after the first row"),
    (4, b"", "after the fourth"),
    (7, b"", "after the last, before the table"),
    (3, b'{"photo": "d.j', "in the middle of a row"),
    (3, b"\0\0\0\0\n", "with zeros, as after a power cut"),
    (3, b"12\n", "with a line that is no row"),
]


@pytest.mark.parametrize(("rows", "end", "why"), CUTS, ids=[row[2] for row in CUTS])
@pytest.mark.slow
def test_a_cut_run_goes_on_and_ends_in_the_same_table(  # by name
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path, rows: int, end: bytes, why: str
) -> None:
    whole, output = tmp_path / "whole.csv", tmp_path / "cut.csv"
    run(photos, whole, tiny_checkpoint)
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, on_row=cut_after(rows))
    journal = tmp_path / "cut.csv.journal"
    with journal.open("ab") as file:
        file.write(end)
    assert not output.exists(), "half a table is no table"
    seen: list[object] = []
    outcome = run(photos, output, tiny_checkpoint, resume=True, on_row=seen.append)
    assert output.read_bytes() == whole.read_bytes(), why
    assert outcome == BatchOutcome(7, 3, 1)
    assert len(seen) == 7, "rows that were there already are counted too"
    assert not journal.exists()


@pytest.mark.slow
def test_a_run_that_goes_on_does_not_look_twice(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, on_row=cut_after(3))
    photos[0].path.unlink()
    run(photos[:6], output, tiny_checkpoint, resume=True)
    assert read(output)[0]["status"] == "ok", "it was looked at before it was gone"


@pytest.mark.slow
def test_without_resume_a_run_starts_again(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, on_row=cut_after(3))
    run(photos[:1], output, tiny_checkpoint)
    assert len(read(output)) == 1


@pytest.mark.slow
def test_resume_without_a_journal_is_a_plain_run(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    run(photos[:2], output, tiny_checkpoint, resume=True)
    assert len(read(output)) == 2


# photos of the second run, words that the message must have, why
OTHERS = [
    (slice(1, None), ["other photos", "a.png", "b.jpg"], "other photos"),
    (slice(0, 2), ["other photos", "c.png", "nothing"], "fewer photos"),
]


@pytest.mark.parametrize(("which", "words", "why"), OTHERS)
@pytest.mark.slow
def test_a_journal_of_other_photos_is_refused(  # by name
    photos: list[PhotoInput],
    tmp_path: Path,
    tiny_checkpoint: Path,
    which: slice,
    words: list[str],
    why: str,
) -> None:
    output = tmp_path / "table.csv"
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, on_row=cut_after(3))
    with pytest.raises(TableError) as caught:
        run(photos[which], output, tiny_checkpoint, resume=True)
    for word in words:
        assert word in str(caught.value), why


@pytest.mark.slow
def test_a_journal_of_another_model_is_refused(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.csv"
    other = write_checkpoint(tmp_path, {**side_car(), "version": "0.0.1"})
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, on_row=cut_after(3))
    with pytest.raises(TableError, match=r"made by reddots-0\.0\.0, not by this reddots-0\.0\.1"):
        run(photos, output, other, resume=True)


# the answers of the first run and of the second, why
CHANGED_ANSWERS = [
    (None, {"a.png": ["fever=yes"]}, "answers that were not there"),
    ({"a.png": ["fever=yes"]}, None, "answers that are gone"),
    ({"a.png": ["fever=yes"]}, {"a.png": ["fever=no"]}, "another answer"),
    ({"a.png": ["fever=yes"]}, {"b.jpg": ["fever=yes"]}, "another photo's"),
]


@pytest.mark.parametrize(("before", "after", "why"), CHANGED_ANSWERS)
@pytest.mark.slow
def test_a_journal_of_other_answers_is_refused(  # by name
    photos: list[PhotoInput],
    tmp_path: Path,
    tiny_checkpoint: Path,
    before: dict[str, list[str]] | None,
    after: dict[str, list[str]] | None,
    why: str,
) -> None:
    first, second = (
        given and {photo: parse_settings(words) for photo, words in given.items()}
        for given in (before, after)
    )
    output = tmp_path / "table.csv"
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, answers=first, on_row=cut_after(1))
    with pytest.raises(TableError, match="answers are not those"):
        run(photos, output, tiny_checkpoint, answers=second, resume=True)
    run(photos[:1], output, tiny_checkpoint, answers=first, resume=True)
    assert output.exists(), why


@pytest.mark.slow
def test_a_limit_may_be_raised_when_a_run_goes_on(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output = tmp_path / "table.jsonl"
    assert run(photos, output, tiny_checkpoint, limit=4).total == 4
    with pytest.raises(CutError):
        run(photos, output, tiny_checkpoint, limit=2, on_row=cut_after(2))
    assert run(photos, output, tiny_checkpoint, limit=5, resume=True).total == 5
    assert [row["photo"] for row in read(output)] == [photo.name for photo in photos[:5]]


def test_a_photo_that_cannot_be_is_a_row_that_says_why(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    closed = PhotoInput("closed", tmp_path, fault="The folder “closed” cannot be opened.")
    run([closed], tmp_path / "table.jsonl", tiny_checkpoint)
    (row,) = read(tmp_path / "table.jsonl")
    assert (row["status"], row["error"]) == ("error", closed.fault)
    assert row["model"] == "reddots-0.0.0"


def test_a_table_that_cannot_be_written_is_named(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    with pytest.raises(TableError, match="cannot be written"):
        run(photos, tmp_path / "no folder" / "table.csv", tiny_checkpoint)
    with pytest.raises(TableError, match="must end in"):
        run(photos, tmp_path / "table.xls", tiny_checkpoint)


def test_without_a_checkpoint_nothing_is_begun(photos: list[PhotoInput], tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        run(photos, tmp_path / "table.csv", tmp_path / "reddots-9.json")
    assert not list(tmp_path.glob("table*"))


@pytest.mark.slow
def test_photos_may_come_as_a_stream(
    photos: list[PhotoInput], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    def stream() -> Iterator[PhotoInput]:
        yield from photos

    outcome = run_batch(stream(), tmp_path / "table.csv", checkpoint=tiny_checkpoint)
    assert outcome.total == 7
