"""The log of a run: whole after each epoch, and cut back to where a resumed run goes on."""

import csv
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the curves need matplotlib, of the extra “train”")

from reddots.training.history import RunLog, draw_curves, read_log
from reddots.training.metrics import Progress

pytestmark = pytest.mark.slow


def progress(log_loss: float) -> Progress:
    return Progress(log_loss, 0.5, {"a": 0.25, "b": 0.75, "never seen": None})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    log = RunLog(tmp_path / "log.csv", 0)
    for epoch, loss in enumerate((0.9, 0.6, 0.7), 1):
        log.add(epoch, loss + 0.1, progress(loss), 12.4)
    return tmp_path / "log.csv"


def test_an_epoch_is_a_row(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[1] == {
        "epoch": "2", "train_loss": "0.7000", "log_loss": "0.6000", "balanced_accuracy": "0.5000",
        "a": "0.2500", "b": "0.7500", "never seen": "", "seconds": "12",
    }  # fmt: skip
    assert len(rows) == 3


def test_curves_are_drawn_beside_it(path: Path) -> None:
    assert (path.parent / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (path.parent / "curves.svg").read_bytes()
    assert sorted(p.name for p in path.parent.iterdir()) == ["curves.png", "curves.svg", "log.csv"]
    drawing = draw_curves(read_log(path))
    assert drawing.png == (path.parent / "curves.png").read_bytes(), "the same log, the same bytes"


# epochs that are done, rows that are kept, why
RESUMED = [
    (2, 2, "an epoch whose state was not saved is learnt again"),
    (3, 3, "all of them"),
    (0, 0, "a run that starts anew has no past"),
]


@pytest.mark.parametrize(("epochs", "kept", "why"), RESUMED, ids=[r[2] for r in RESUMED])
def test_a_resumed_run_goes_on_with_its_own_epochs(
    path: Path, epochs: int, kept: int, why: str
) -> None:
    RunLog(path, epochs).add(epochs + 1, 0.5, progress(0.4), 3)
    assert [row["epoch"] for row in read_log(path)] == [str(i + 1) for i in range(kept + 1)], why


def test_there_may_be_no_log(tmp_path: Path) -> None:
    assert read_log(tmp_path / "log.csv") == []
