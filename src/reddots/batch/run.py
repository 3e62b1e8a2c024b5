"""A whole batch: a journal that grows row by row, then the table; killed runs resume."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import columns
from reddots.batch.table import Row, require_format, write_table
from reddots.batch.workers import predict_all
from reddots.errors import TableError
from reddots.pipeline import Examiner
from reddots.triage.answers import Answers


@dataclass(frozen=True)
class BatchOutcome:
    """How many rows of each status there are."""

    total: int
    errors: int
    rejected: int


def run_batch(
    photos: Iterable[PhotoInput],
    output: Path,
    *,
    answers: Mapping[str, Answers] | None = None,
    workers: int = 1,
    resume: bool = False,
    checkpoint: Path | None = None,
    on_row: Callable[[Row], None] | None = None,
) -> BatchOutcome:
    """Classify photos into the table ``output``; ``on_row`` is called after each.

    Rows go to ``<output>.journal`` as they come. With ``resume`` the whole rows of an earlier
    journal are kept if they are of the same photos and model: the table comes out the same.

    Raises:
        TableError: the table cannot be written, or the journal is of another run.
        CheckpointError: there is no sound checkpoint.
    """
    require_format(output)
    examiner = Examiner(checkpoint)
    side_car = examiner.classifier.side_car
    model, names = examiner.classifier.model_name, columns(side_car.outputs)
    journal = output.with_name(output.name + ".journal")
    try:
        if resume and journal.exists():
            _keep_whole_rows(journal, model)
        else:
            journal.write_bytes(b"")
        listed = iter(photos)
        for row in _rows(journal):
            photo = next(listed, None)
            name = photo.name if photo else "nothing"
            if row["photo"] != name:
                raise TableError(
                    f"{journal} is of other photos: it has “{row['photo']}” where “{name}” "
                    "is now. Run without --resume to start again."
                )
            if on_row:
                on_row(row)
        tasks = ((p, answers.get(p.name) if answers else None) for p in listed)
        with journal.open("a", encoding="utf-8") as file:
            for prediction in predict_all(tasks, workers=workers, checkpoint=checkpoint):
                row = prediction.row(side_car.outputs)
                file.write(json.dumps(row) + "\n")
                file.flush()
                if on_row:
                    on_row(row)
            os.fsync(file.fileno())
        write_table(_rows(journal), names, output)
    except OSError as error:
        raise TableError(f"{output} cannot be written: {error.strerror or error}.") from error
    outcome = _count(_rows(journal))
    journal.unlink()
    return outcome


def _keep_whole_rows(journal: Path, model: str) -> None:
    """Cut off a last row that was only half written, and whatever comes after it."""
    whole = 0
    with journal.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                row = json.loads(line)
            except ValueError:
                break
            if not isinstance(row, dict) or not {"photo", "model"} <= set(row):
                break
            if row["model"] not in {model, ""}:
                raise TableError(
                    f"{journal} was made by {row['model']}, not by {model}. Run without --resume."
                )
            whole += len(line)
    os.truncate(journal, whole)


def _rows(journal: Path) -> Iterator[Row]:
    with journal.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _count(rows: Iterable[Row]) -> BatchOutcome:
    total = errors = rejected = 0
    for row in rows:
        total += 1
        errors += row["status"] == "error"
        rejected += row["status"] == "rejected"
    return BatchOutcome(total, errors, rejected)
