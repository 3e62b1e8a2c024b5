"""A worker that dies costs its photo a row and no other photo anything."""

from pathlib import Path
from typing import Any

import pytest

from reddots.batch import process_pool
from reddots.batch.inputs import PhotoInput
from reddots.errors import CheckpointError, RedDotsError
from reddots.triage.answers import Answers

_DEADLY = (
    "import sys; sys.path += [sys.argv[2], {!r}]; "
    "from deadly_worker import serve; serve(sys.argv[1])"
)


@pytest.fixture(autouse=True)
def _deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "START", _DEADLY.format(str(Path(__file__).parent)))


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
@pytest.mark.slow
def test_a_deadly_photo_is_one_error_row(names: list[str], why: str, count: int) -> None:
    tasks: list[Any] = [(PhotoInput(name, Path(name)), None) for name in names]
    found = list(process_pool.predict_all(tasks, workers=count))
    assert [p.photo for p in found] == names, f"{why}: each once, in order"
    assert [p.status for p in found] == ["error" if "deadly" in n else "ok" for n in names], why
    assert all("made the reader stop" in p.error for p in found if p.status == "error")
    assert all(p.photo in p.error for p in found if p.status == "error")


def test_a_photo_whose_reader_died_once_is_tried_again(tmp_path: Path) -> None:
    tasks: list[Any] = [(PhotoInput(n, tmp_path / n), None) for n in ("a", "sulky", "b")]
    found = list(process_pool.predict_all(tasks, workers=1))
    assert [(p.photo, p.status) for p in found] == [("a", "ok"), ("sulky", "ok"), ("b", "ok")]


def test_answers_go_with_their_photo() -> None:
    tasks = [(PhotoInput("a", Path("a")), None), (PhotoInput("b", Path("b")), Answers())]
    found = list(process_pool.predict_all(iter(tasks), workers=2))
    assert [p.urgency for p in found] == ["", "routine"]


def test_a_stray_word_is_no_prediction() -> None:
    tasks: list[Any] = [(PhotoInput(n, Path(n)), None) for n in ("talkative", "a")]
    found = list(process_pool.predict_all(tasks, workers=1))
    assert [(p.photo, p.status) for p in found] == [("talkative", "ok"), ("a", "ok")]


# the checkpoint, the error, words of it, why
NO_STARTS = [
    ("broken.json", CheckpointError, "It is broken", "the worker's own error comes through"),
    ("dead at once.json", RedDotsError, "Close other programs", "a worker that cannot start"),
]


@pytest.mark.parametrize(("name", "error", "words", "why"), NO_STARTS)
@pytest.mark.slow
def test_without_workers_the_run_ends(
    name: str, error: type[Exception], words: str, why: str
) -> None:
    tasks: list[Any] = [(PhotoInput(n, Path(n)), None) for n in "abc"]
    with pytest.raises(error, match=words):
        list(process_pool.predict_all(tasks, workers=2, checkpoint=Path(name)))
    assert why


def test_photos_are_taken_as_they_are_needed() -> None:
    taken: list[str] = []

    def endless() -> Any:
        number = 0
        while True:
            taken.append(f"photo {number}")
            yield PhotoInput(taken[-1], Path("x")), None
            number += 1

    predictions = process_pool.predict_all(endless(), workers=1)
    for _ in range(5):
        next(predictions)
    predictions.close()
    assert len(taken) < 20, "memory does not grow with the number of photos"
