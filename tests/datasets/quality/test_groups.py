"""Groups whose photos show the same are joined; no group and no near copy crosses a split."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="splitting needs scikit-learn, of the extra “train”")

from datasets.drawn_photos import recompressed, skin, trimmed
from reddots.datasets.manifest import Row
from reddots.datasets.quality.groups import merge_groups
from reddots.datasets.quality.near_duplicates import near_pairs
from reddots.datasets.quality.perceptual_hash import fingerprint
from reddots.datasets.splits import assign_splits


def rows(*groups: str) -> list[Row]:
    """Rows of these groups; ``b:1`` is group 1 of the set b."""
    split = [name.rpartition(":") for name in groups]
    return [Row(f"{i}.jpg", "x", dataset=d, group=g) for i, (d, _, g) in enumerate(split)]


# groups, pairs that show the same, groups afterwards, why
MERGED = [
    (["1", "2", "3"], [], ["1", "2", "3"], "nothing to join"),
    (["1", "2", "3"], [(0, 2)], ["1", "2", "1"], "two patients share a photo"),
    (["1", "1", "2", "2"], [(1, 2)], ["1", "1", "1", "1"], "all of both patients' photos"),
    (["1", "2", "3"], [(1, 2), (0, 1)], ["1", "1", "1"], "a chain"),
    (["1", "2", "3"], [(1, 2)], ["1", "2", "2"], "others keep their group"),
    (["a:1", "b:1"], [], ["1", "1"], "alike names of two sets are left as they are"),
    (["a:1", "b:2"], [(0, 1)], ["1", "1"], "across sets"),
]


@pytest.mark.parametrize(("groups", "near", "after", "why"), MERGED, ids=[r[3] for r in MERGED])
def test_groups_are_joined(
    groups: list[str], near: list[tuple[int, int]], after: list[str], why: str
) -> None:
    assert [row.group for row in merge_groups(rows(*groups), near)] == after, why


@settings(max_examples=15)
@given(data=st.data(), seed=st.integers(0, 99))
@pytest.mark.slow
def test_no_group_and_no_near_copy_crosses(data: st.DataObject, seed: int) -> None:
    count = data.draw(st.integers(120, 160))
    named = data.draw(st.permutations([i // 2 for i in range(count)]))
    given_rows = [Row(f"{i}.jpg", "x", dataset="d", group=f"g{g}") for i, g in enumerate(named)]
    index = st.integers(0, count - 1)
    near = data.draw(st.lists(st.tuples(index, index), max_size=12))
    splits = assign_splits(given_rows, seed, near)
    sides = defaultdict(set)
    for row, split in zip(given_rows, splits, strict=True):
        sides[row.group].add(split)
    assert all(len(side) == 1 for side in sides.values()), "a group is torn apart"
    assert all(splits[i] == splits[j] for i, j in near), "a copy is on the other side"


def test_copies_that_the_search_finds_stay_on_one_side() -> None:
    """From pixels to splits: each photo has a copy under another patient's name."""
    photos = [skin(i) for i in range(60)]
    copies = [recompressed(p) if i % 2 else trimmed(p) for i, p in enumerate(photos)]
    near = near_pairs([fingerprint(np.asarray(p, dtype=np.uint8)) for p in photos + copies])
    assert near == [(i, i + 60) for i in range(60)]
    given_rows = [Row(f"{i}.jpg", "x", dataset="d", group=f"g{i}") for i in range(120)]
    splits = assign_splits(given_rows, near=near)
    assert splits[:60] == splits[60:]
    without = assign_splits(given_rows)
    assert without[:60] != without[60:], "which does not happen by itself"


def test_without_near_copies_the_splits_are_those_of_before() -> None:
    """Pinned: a checkpoint's splits must be made again by later versions."""
    given_rows = [Row(f"{i}.jpg", "ab"[i % 2], dataset="d", group=f"g{i // 2}") for i in range(80)]
    letters = "".join(LETTERS[split] for split in assign_splits(given_rows, seed=7))
    assert letters == PINNED


LETTERS = {"train": ".", "validation": "v", "calibration": "c", "test": "t"}
PINNED = "..vv....ttcc..tt..ttvv..........ccccvv........vv..cc......vv....tt........ttttvv"
