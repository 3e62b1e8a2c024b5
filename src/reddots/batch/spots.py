"""Batch spot detection: as ``batch.run``, with a row a spot and one for a photo without any."""

from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from reddots._output import Source, reserved_file
from reddots.batch.artifacts import JOURNAL, beside
from reddots.batch.inputs import PhotoInput
from reddots.batch.journal import Journal, Origin
from reddots.batch.process_pool import find_all
from reddots.batch.run import BatchOutcome, RowCount, explained, require_same, writing_rows
from reddots.batch.shard import file_hash
from reddots.batch.spot_finding import COLUMNS, SpotTask, expanded
from reddots.batch.table_writer import Row, json_line, require_format, write_rows
from reddots.spots.side_car import newest_detector, open_side_car


def run_spots(
    photos: Iterable[PhotoInput],
    output: Path,
    *,
    tiles: bool = False,
    workers: int = 1,
    resume: bool = False,
    limit: int | None = None,
    on_row: Callable[[Row], None] | None = None,
    inputs: Iterable[Source | None] = (),
) -> BatchOutcome:
    """Find the spots of photos and write the table ``output``; ``on_row`` is called for each photo.

    Photos go to ``<output>.journal`` as they come, and with ``resume`` those of an earlier journal
    are kept if they are of the same photos and detector.

    Raises:
        TableError: the table cannot be written, or the journal is of another run.
        OutputError: the table is one of ``inputs``, or another run writes it.
        CheckpointError: there is no sound spot detector.
    """
    require_format(output)
    path = newest_detector()
    model = f"spots-{open_side_car(path)[0].version}" + (" with --tiles" if tiles else "")
    origin = Origin(model, file_hash(path) + ("+tiles" if tiles else ""))
    journal = Journal(beside(output, JOURNAL), origin)
    count, listed = RowCount(on_row), islice(iter(photos), limit)
    with reserved_file(output, inputs), explained(output, journal.path):
        journal.resume() if resume else journal.begin()
        for row in journal.rows():
            require_same(row, next(listed, None), journal.path)
            count.add(row)
        with closing(find_all((SpotTask(p, tiles) for p in listed), workers=workers)) as found:
            for row in journal.extend(f.row() for f in found):
                count.add(row)
        write_rows(chain.from_iterable(map(expanded, journal.rows())), COLUMNS, output)
        journal.path.unlink()
    return count.outcome()


def stream_spots(
    photos: Iterable[PhotoInput],
    file: TextIO,
    *,
    tiles: bool = False,
    workers: int = 1,
    limit: int | None = None,
    on_row: Callable[[Row], None] | None = None,
) -> BatchOutcome:
    """Find the spots of photos and write lines of JSON, each photo's as soon as it is known.

    Raises:
        TableError: ``file`` takes no more.
        CheckpointError: there is no sound spot detector.
    """
    newest_detector()
    count, listed = RowCount(on_row), islice(iter(photos), limit)
    found = find_all((SpotTask(p, tiles) for p in listed), workers=workers)
    with writing_rows(), closing(found):
        for row in (f.row() for f in found):
            file.writelines(json_line(line, COLUMNS) for line in expanded(row))
            file.flush()
            count.add(row)
    return count.outcome()
