"""Merge of shards: their tables into the one that a single run would have written."""

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from reddots._output import reserved_file
from reddots.batch.shard import NameHash, Part, Shard, read_part
from reddots.batch.table_reader import read_table
from reddots.batch.table_writer import Row, require_format, write_table
from reddots.errors import TableError

_NAMED = 5  # how many shards a message names


def merge_parts(parts: Sequence[Path], output: Path) -> int:
    """Write the rows of all parts, in the order of the photos, to ``output``; return their number.

    Raises:
        TableError: a part is missing, given twice, changed, or of another run; or a table cannot be
            read or written. Nothing is written then.
    """
    require_format(output)
    with reserved_file(output, parts):
        return _merge(parts, output)


def _merge(parts: Sequence[Path], output: Path) -> int:
    found = [(read_part(path), path) for path in parts]
    if not found:
        raise TableError("There is no part to merge.")
    first = found[0][0]
    for part, path in found:
        _require_same_run(part, first, path, parts[0])
    _require_all([part.shard for part, _ in found], first.of)
    tables = [path for _, path in sorted(found, key=lambda pair: pair[0].shard)]
    names = _columns(tables)
    write_table(_rows(tables, first), names, output)
    return first.photos


def _require_same_run(part: Part, first: Part, path: Path, first_path: Path) -> None:
    for one, other, what in (
        (part.of, first.of, "has another number of shards"),
        (part.names, first.names, "was made of other photos"),
        (part.photos, first.photos, "was made of other photos"),
        (part.side_car, first.side_car, "was made by another model"),
        (part.answers, first.answers, "was made with other answers"),
    ):
        if one != other:
            raise TableError(f"{path} {what} than {first_path}: they are not parts of one run.")


def _require_all(numbers: Sequence[int], of: int) -> None:
    count = Counter(numbers)
    missing = [str(Shard(n, of)) for n in range(1, of + 1) if n not in count]
    double = [str(Shard(n, of)) for n in sorted(count) if count[n] > 1]
    for shards, what in ((missing, "missing"), (double, "given twice")):
        if shards:
            few = ", ".join(shards[:_NAMED]) + (" …" if len(shards) > _NAMED else "")
            raise TableError(f"Of the parts, {len(shards)} {_are(shards)} {what}: {few}.")


def _are(things: Sequence[str]) -> str:
    return "is" if len(things) == 1 else "are"


def _columns(tables: Sequence[Path]) -> Sequence[str]:
    for path in tables:
        for row in read_table(path):
            return list(row)
    raise TableError("The parts have no row, so there is nothing to merge.")


def _rows(tables: Sequence[Path], part: Part) -> Generator[Row, None, None]:
    """Yield the rows in the order of the photos, and check their names at the end."""
    called = NameHash()
    with ExitStack() as stack:
        sources = [stack.enter_context(closing(read_table(path))) for path in tables]
        for index in range(part.photos):
            row = next(sources[index % part.of], None)
            if row is None:
                raise TableError(f"{tables[index % part.of]} has fewer rows than photos.")
            called.add(str(row["photo"]))
            yield row
        for path, source in zip(tables, sources, strict=True):
            if next(source, None) is not None:
                raise TableError(f"{path} has more rows than photos.")
    if called.value != part.names:
        raise TableError("The rows of the parts are not those of the photos that were listed.")
