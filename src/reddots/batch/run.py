"""Batch run: a journal that grows row by row, then the table; killed runs resume."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from reddots._output import reserved_file
from reddots.batch.answers_table import fingerprint
from reddots.batch.artifacts import JOURNAL, beside
from reddots.batch.classify import Engine, classify
from reddots.batch.inputs import PhotoInput
from reddots.batch.journal import Journal, Origin
from reddots.batch.prediction import Priors, columns
from reddots.batch.shard import Roll, Shard, file_hash, is_part, read_part, write_part
from reddots.batch.table_reader import read_table
from reddots.batch.table_writer import Row, json_line, require_format, write_rows
from reddots.classifier.checkpoint import newest_checkpoint, read_side_car
from reddots.errors import TableError
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
    limit: int | None = None,
    shard: Shard | None = None,
    engine: Engine = "processes",
    priors: Priors = "deployment",
    on_row: Callable[[Row], None] | None = None,
    inputs: Iterable[str | os.PathLike[str] | None] = (),
) -> BatchOutcome:
    """Classify photos into the table ``output``; ``on_row`` is called after each.

    Rows go to ``<output>.journal`` as they come. With ``resume`` the whole rows of an earlier
    journal are kept if they are of the same photos, answers, priors and model: the table comes
    out the same; a share that was finished is left as it is. Of the first ``limit`` photos those
    of ``shard`` are classified, and named by ``priors``. ``inputs`` are files that the run reads
    and may not write to.

    Raises:
        TableError: the table cannot be written, or the journal is of another run.
        OutputError: the table is one of ``inputs``, or another run writes it.
        CheckpointError: there is no sound checkpoint.
    """
    require_format(output)
    checkpoint = checkpoint or newest_checkpoint()
    side_car = read_side_car(checkpoint)
    origin = Origin(
        f"reddots-{side_car.version}", file_hash(checkpoint), fingerprint(answers), priors
    )
    names = side_car.outputs, tuple(side_car.simulated)
    journal = Journal(beside(output, JOURNAL), origin)
    roll, count = Roll(photos, shard or Shard(), limit), RowCount(on_row)
    with reserved_file(output, inputs), explained(output, journal.path):
        if resume and shard and is_part(output) and not journal.path.exists():
            _require_finished(output, shard, roll, origin)
            for row in read_table(output):
                count.add(row)
            return count.outcome()
        journal.resume() if resume else journal.begin()
        listed = iter(roll)
        for row in journal.rows():
            require_same(row, next(listed, None), journal.path)
            count.add(row)
        found = classify(
            listed, answers=answers, workers=workers, checkpoint=checkpoint, engine=engine
        )
        with closing(found):
            for row in journal.extend(p.row(*names, priors) for p in found):
                count.add(row)
        write_rows(journal.rows(), columns(*names), output)
        if shard is not None:
            write_part(output, shard, roll, count.outcome().total, origin)
        journal.path.unlink()
    return count.outcome()


def stream_batch(
    photos: Iterable[PhotoInput],
    file: TextIO,
    *,
    answers: Mapping[str, Answers] | None = None,
    workers: int = 1,
    checkpoint: Path | None = None,
    limit: int | None = None,
    shard: Shard | None = None,
    engine: Engine = "processes",
    priors: Priors = "deployment",
    on_row: Callable[[Row], None] | None = None,
) -> BatchOutcome:
    """Classify photos into lines of JSON, each as soon as it is known; see ``run_batch``.

    Raises:
        TableError: ``file`` takes no more.
        CheckpointError: there is no sound checkpoint.
    """
    checkpoint = checkpoint or newest_checkpoint()
    side_car, count = read_side_car(checkpoint), RowCount(on_row)
    names = side_car.outputs, tuple(side_car.simulated)
    roll = Roll(photos, shard or Shard(), limit)
    found = classify(roll, answers=answers, workers=workers, checkpoint=checkpoint, engine=engine)
    with writing_rows(), closing(found):
        for prediction in found:
            row = prediction.row(*names, priors)
            file.write(json_line(row, columns(*names)))
            file.flush()
            count.add(row)
    return count.outcome()


@contextmanager
def writing_rows() -> Iterator[None]:
    """Stream errors: say in a sentence why a pipe or file takes no more rows.

    Raises:
        TableError: it takes no more.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise TableError("Nobody reads on: the pipe is closed.") from error
    except OSError as error:
        raise TableError(f"The rows cannot be written: {error.strerror or error}.") from error


class RowCount:
    """Counts rows by status, and hands them on."""

    def __init__(self, on_row: Callable[[Row], None] | None) -> None:
        """Hand rows to ``on_row``."""
        self._status = Counter[str]()
        self._on_row = on_row

    def add(self, row: Row) -> None:
        """Count one row."""
        self._status[str(row["status"])] += 1
        if self._on_row:
            self._on_row(row)

    def outcome(self) -> BatchOutcome:
        """Return how many rows there were."""
        total = self._status.total()
        return BatchOutcome(total, self._status["error"], self._status["rejected"])


@contextmanager
def explained(output: Path, journal: Path) -> Iterator[None]:
    """Turn an error of the file system into one that says what to do.

    Raises:
        TableError: ``output`` cannot be written.
    """
    try:
        yield
    except OSError as error:
        kept = f" What was done is kept in {journal}: make room and run again with --resume."
        raise TableError(
            f"{output} cannot be written: {error.strerror or error}."
            + (kept if journal.exists() else "")
        ) from error


def _require_finished(output: Path, shard: Shard, roll: Roll, origin: Origin) -> None:
    """Check that a share's table is what this run would write: a scheduler starts tasks again."""
    part = read_part(output)
    roll.call_all()
    found = (part.shard, part.of, part.photos, part.names, part.side_car, part.answers)
    wanted = (shard.number, shard.count, roll.photos, roll.names, origin.side_car, origin.answers)
    if found != wanted:
        raise TableError(
            f"{output} is finished, but of another share, or of other photos, answers or another "
            "model. Run without --resume to start again."
        )


def require_same(row: Row, photo: PhotoInput | None, journal: Path) -> None:
    """Check that a journal's row is of this photo.

    Raises:
        TableError: it is of another.
    """
    name = photo.name if photo else "nothing"
    if row["photo"] != name:
        raise TableError(
            f"{journal} is of other photos: it has “{row['photo']}” where “{name}” is now. "
            "Run without --resume to start again."
        )
