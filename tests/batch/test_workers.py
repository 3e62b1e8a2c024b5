"""A worker that dies costs its photo a row and no other photo anything."""

import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from reddots.batch import workers
from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction
from reddots.triage.answers import Answers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a fork takes the patches along")


def deadly(_: object, photo: PhotoInput, answers: Answers | None) -> Prediction:
    """Stand in for a decoder that a photo brings down."""
    if "deadly" in photo.name:
        os._exit(13)
    if "sulky" in photo.name and not photo.path.exists():
        photo.path.touch()  # dies the first time only
        os._exit(13)
    return Prediction(photo.name, status="ok", urgency="" if answers is None else "routine")


@pytest.fixture(autouse=True)
def _forked(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(workers.multiprocessing, "get_context", lambda _: fork)
    monkeypatch.setattr(workers, "predict", deadly)


# names of the photos, why
BATCHES = [
    (["a", "b", "c"], "nobody dies"),
    (["deadly"], "the only one"),
    (["deadly", "a", "b"], "the first"),
    (["a", "deadly", "b", "c"], "one in the middle"),
    (["a", "b", "deadly"], "the last"),
    (["deadly 1", "a", "deadly 2", "b"], "two of them"),
    ([f"photo {i}" if i != 20 else "deadly" for i in range(40)], "one beyond the window"),
    ([], "none"),
]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("names", "why"), BATCHES, ids=[row[1] for row in BATCHES])
def test_a_deadly_photo_is_one_error_row(names: list[str], why: str, count: int) -> None:
    tasks: list[Any] = [(PhotoInput(name, Path(name)), None) for name in names]
    found = list(workers.predict_all(tasks, workers=count))
    assert [p.photo for p in found] == names, f"{why}: each once, in order"
    assert [p.status for p in found] == ["error" if "deadly" in n else "ok" for n in names], why
    assert all("made the reader stop" in p.error for p in found if p.status == "error")
    assert all(p.photo in p.error for p in found if p.status == "error")


def test_a_photo_whose_reader_died_once_is_tried_again(tmp_path: Path) -> None:
    tasks: list[Any] = [(PhotoInput(n, tmp_path / n), None) for n in ("a", "sulky", "b")]
    found = list(workers.predict_all(tasks, workers=1))
    assert [(p.photo, p.status) for p in found] == [("a", "ok"), ("sulky", "ok"), ("b", "ok")]


def test_answers_go_with_their_photo() -> None:
    tasks = [(PhotoInput("a", Path("a")), None), (PhotoInput("b", Path("b")), Answers())]
    found = list(workers.predict_all(iter(tasks), workers=2))
    assert [p.urgency for p in found] == ["", "routine"]


def test_photos_are_taken_as_they_are_needed() -> None:
    taken: list[str] = []

    def endless() -> Any:
        number = 0
        while True:
            taken.append(f"photo {number}")
            yield PhotoInput(taken[-1], Path("x")), None
            number += 1

    predictions = workers.predict_all(endless(), workers=1)
    for _ in range(5):
        next(predictions)
    predictions.close()  # type: ignore[attr-defined]
    assert len(taken) < 20, "memory does not grow with the number of photos"
