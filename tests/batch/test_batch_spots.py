"""``reddots spots`` over many photos: a row a spot, a journal, and going on after a cut."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from reddots.batch import spots as batch
from reddots.batch.artifacts import JOURNAL, beside
from reddots.batch.inputs import PhotoInput
from reddots.batch.spot_finding import COLUMNS, SpotFinding, SpotTask, expanded
from reddots.errors import TableError

TWO = ((10.0, 20.0, 4.0, 0.9, -5.0, 12.0, 3.0), (30.5, 40.0, 5.0, 0.8, -4.0, 11.0, 2.0))
NAMES = ("spotted", "bare", "broken", "last")


@pytest.fixture(autouse=True)
def tiny(tiny_detector_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDOTS_SPOT_DETECTOR", str(tiny_detector_path))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the photos that were looked at, by a detector that goes by names."""
    looked: list[str] = []

    def find_all(tasks: Iterable[SpotTask], *, workers: int) -> Iterator[SpotFinding]:
        assert workers
        for task in tasks:
            name = task.photo.name
            looked.append(name)
            if "cut" in looked:
                raise KeyboardInterrupt
            if name == "broken":
                yield SpotFinding(name, error="It cannot be read.", model="spots-0")
            else:
                found = TWO if name == "spotted" else ()
                yield SpotFinding(
                    name, "ab", "ok", n_spots=len(found), model="spots-0", spots=found
                )

    monkeypatch.setattr(batch, "find_all", find_all)
    return looked


def inputs(names: Iterable[str]) -> list[PhotoInput]:
    return [PhotoInput(name, Path(name)) for name in names]


def test_every_photo_has_a_row_and_every_spot(seen: list[str], tmp_path: Path) -> None:
    done = batch.run_spots(inputs(NAMES), tmp_path / "o.csv")
    assert (done.total, done.errors, seen) == (4, 1, list(NAMES))
    with (tmp_path / "o.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["photo"], r["x"], r["n_spots"], r["status"]) for r in rows] == [
        ("spotted", "10.000000", "2", "ok"),
        ("spotted", "30.500000", "2", "ok"),
        ("bare", "", "0", "ok"),
        ("broken", "", "", "error"),
        ("last", "", "0", "ok"),
    ]
    assert not beside(tmp_path / "o.csv", JOURNAL).exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_run_that_was_cut_goes_on_and_ends_the_same(
    seen: list[str], tmp_path: Path, ending: str
) -> None:
    whole, cut = tmp_path / f"whole.{ending}", tmp_path / f"cut.{ending}"
    batch.run_spots(inputs(NAMES), whole)
    seen.clear()
    with pytest.raises(KeyboardInterrupt):
        batch.run_spots(inputs([*NAMES[:2], "cut"]), cut)
    assert not cut.exists()
    seen.clear()
    batch.run_spots(inputs(NAMES), cut, resume=True)
    assert seen == ["broken", "last"], "the first two are taken from the journal"
    assert cut.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("photos", "tiles", "said"),
    [(("other",), False, "other photos"), (NAMES, True, "was made by")],
)
def test_a_journal_of_another_run_is_refused(
    seen: list[str], tmp_path: Path, photos: tuple[str, ...], tiles: bool, said: str
) -> None:
    with pytest.raises(KeyboardInterrupt):
        batch.run_spots(inputs([NAMES[0], "cut"]), tmp_path / "o.csv")
    seen.clear()
    with pytest.raises(TableError, match=said):
        batch.run_spots(inputs(photos), tmp_path / "o.csv", tiles=tiles, resume=True)


def test_a_stream_is_a_line_a_spot_as_soon_as_it_is_known(seen: list[str]) -> None:
    file = io.StringIO()
    batch.stream_spots(inputs(NAMES), file, limit=2)
    rows = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [(r["photo"], r["y"]) for r in rows] == [
        ("spotted", 20.0), ("spotted", 40.0), ("bare", None)
    ]  # fmt: skip
    assert seen == ["spotted", "bare"]


def test_a_row_has_every_column() -> None:
    (row,) = expanded(SpotFinding("p").row())
    assert set(row) == set(COLUMNS)
