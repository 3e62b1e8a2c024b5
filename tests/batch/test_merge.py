"""Shards of a run, joined, are the run; whatever is missing or double is told."""

import json
import shutil
from pathlib import Path

import pytest

from reddots.batch.inputs import PhotoInput
from reddots.batch.merge import merge_parts
from reddots.batch.run import run_batch
from reddots.batch.shard import Roll, Shard, part_path
from reddots.errors import TableError
from tiny_checkpoint import side_car, write_checkpoint

NAMES = [f"gone {i}.jpg" for i in range(7)]


def inputs(names: list[str]) -> list[PhotoInput]:
    return [PhotoInput(name, Path(name)) for name in names]


@pytest.fixture(scope="module")
def run_of_three(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Path:
    """A folder with a whole run's table, and with those of three shards."""
    folder = tmp_path_factory.mktemp("shards")
    for ending in ("csv", "jsonl", "parquet"):
        run_batch(inputs(NAMES), folder / f"whole.{ending}", checkpoint=tiny_checkpoint)
    for number in (1, 2, 3):
        table = folder / f"{number}.jsonl"
        run_batch(inputs(NAMES), table, checkpoint=tiny_checkpoint, shard=Shard(number, 3))
    return folder


@pytest.fixture
def folder(run_of_three: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(run_of_three, tmp_path / "copy"))


def parts(folder: Path) -> list[Path]:
    return [folder / f"{number}.jsonl" for number in (3, 1, 2)]


# text, shard or None, why
SHARDS = [
    ("1/1", Shard(1, 1), "all"),
    ("2/8", Shard(2, 8), "one of eight"),
    ("0/8", None, "they are counted from 1"),
    ("9/8", None, "more than there are"),
    ("1/0", None, "none at all"),
    ("-1/2", None, "a negative number"),
    ("2", None, "no number of shards"),
    ("a/b", None, "words"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "shard", "why"), SHARDS, ids=[row[2] for row in SHARDS])
def test_a_shard_is_read(text: str, shard: Shard | None, why: str) -> None:
    if shard is None:
        with pytest.raises(ValueError, match="such as 2/8"):
            Shard.parse(text)
    else:
        assert Shard.parse(text) == shard, why


@pytest.mark.parametrize("limit", [None, 0, 1, 5, 7, 9])
@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_each_photo_is_in_one_shard(count: int, limit: int | None) -> None:
    rolls = [Roll(inputs(NAMES), Shard(i + 1, count), limit) for i in range(count)]
    called = [[photo.name for photo in roll] for roll in rolls]
    assert sorted(name for names in called for name in names) == NAMES[:limit]
    assert max(map(len, called)) - min(map(len, called)) <= 1, "the same work for each"
    assert len({roll.names for roll in rolls}) == 1
    assert {roll.photos for roll in rolls} == {len(NAMES[:limit])}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.slow
def test_parts_joined_are_the_whole_run_byte_for_byte(folder: Path, ending: str) -> None:
    output = folder / f"merged.{ending}"
    assert merge_parts(parts(folder), output) == len(NAMES)
    assert output.read_bytes() == (folder / f"whole.{ending}").read_bytes()


def finished(folder: Path, checkpoint: Path, names: list[str] = NAMES, share: int = 2) -> int:
    seen: list[object] = []
    run_batch(
        inputs(names), folder / "2.jsonl", checkpoint=checkpoint, shard=Shard(share, 3),
        resume=True, on_row=seen.append,
    )  # fmt: skip
    return len(seen)


@pytest.mark.slow
def test_a_share_that_was_finished_is_left_as_it_is(
    folder: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "2.jsonl").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("reddots.batch.run.classify", None)  # a scheduler starts its task again
        assert finished(folder, tiny_checkpoint) == 2, "its rows are counted"
    assert (folder / "2.jsonl").read_bytes() == before
    for names, share in ((NAMES[1:], 2), (NAMES, 3)):
        with pytest.raises(TableError, match="of another share, or of other photos"):
            finished(folder, tiny_checkpoint, names, share)
    assert (folder / "2.jsonl").read_bytes() == before
    (folder / "2.jsonl").unlink()
    assert finished(folder, tiny_checkpoint) == 2
    assert (folder / "2.jsonl").read_bytes() == before, "without its table it is made again"


def change(path: Path, **fields: object) -> None:
    part = json.loads(part_path(path).read_text())
    part_path(path).write_text(json.dumps(part | fields))


def drop_row(folder: Path) -> None:
    path = folder / "2.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


# what is done to the folder, the parts that are given, words of the error, why
BROKEN = [
    (lambda _: None, [1, 2], "1 is missing: 3/3", "a part is missing"),
    (lambda _: None, [2], "2 are missing: 1/3, 3/3", "two are"),
    (lambda _: None, [1, 2, 3, 2], "1 is given twice: 2/3", "a part is given twice"),
    (lambda f: part_path(f / "2.jsonl").unlink(), [1, 2, 3], "cannot be read", "no part file"),
    (lambda f: (f / "2.jsonl").unlink(), [1, 2, 3], "cannot be read", "no table"),
    (drop_row, [1, 2, 3], "was changed", "a row is missing"),
    (lambda f: change(f / "2.jsonl", of=4), [1, 2, 3], "another number", "other shards"),
    (lambda f: change(f / "2.jsonl", names="x"), [1, 2, 3], "other photos", "other photos"),
    (lambda f: change(f / "2.jsonl", photos=8), [1, 2, 3], "other photos", "more photos"),
    (lambda f: change(f / "2.jsonl", side_car="x"), [1, 2, 3], "another model", "another model"),
    (lambda f: change(f / "2.jsonl", answers="x"), [1, 2, 3], "other answers", "other answers"),
    (lambda f: change(f / "2.jsonl", more=1), [1, 2, 3], "not in order", "an unknown field"),
    (lambda f: [change(f / f"{n}.jsonl", photos=9) for n in (1, 2, 3)], [1, 2, 3], "fewer rows",
     "fewer rows than photos"),
    (lambda f: [change(f / f"{n}.jsonl", photos=6) for n in (1, 2, 3)], [1, 2, 3], "more rows",
     "more rows than photos"),
    (lambda f: [change(f / f"{n}.jsonl", names="x") for n in (1, 2, 3)], [1, 2, 3], "not those",
     "rows of other photos"),
    (lambda _: None, [], "no part", "nothing given"),
    (lambda f: (f / "merged.csv").symlink_to(f / "2.jsonl"), [1, 2, 3], "is read by this run",
     "a part would be written over"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "given", "words", "why"), BROKEN, ids=[r[3] for r in BROKEN])
def test_what_is_not_whole_is_not_merged(
    folder: Path, spoil: object, given: list[int], words: str, why: str
) -> None:
    assert callable(spoil)
    spoil(folder)
    output = folder / "merged.csv"
    with pytest.raises(TableError, match=words):
        merge_parts([folder / f"{number}.jsonl" for number in given], output)
    assert not [path for path in folder.glob("merged*") if not path.is_symlink()], why


def test_parts_of_another_checkpoint_are_refused(folder: Path, tmp_path: Path) -> None:
    other = write_checkpoint(tmp_path, {**side_car(), "version": "0.0.1", "temperature": 2.0})
    run_batch(inputs(NAMES), folder / "2.jsonl", checkpoint=other, shard=Shard(2, 3))
    with pytest.raises(TableError, match="another model"):
        merge_parts(parts(folder), folder / "merged.csv")
