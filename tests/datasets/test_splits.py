"""No group is on two sides, and the same seed gives the same splits."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="splitting needs scikit-learn, of the extra “train”")

from reddots.datasets.manifest import SPLITS, Row
from reddots.datasets.splits import assign_splits
from reddots.errors import ManifestError


@st.composite
def photo_sets(draw: st.DrawFn) -> list[Row]:
    """Sixty groups or more, each of one to four photos, whose labels and sets may be mixed."""
    count = draw(st.integers(60, 120))
    sizes = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    labels = draw(st.lists(st.sampled_from("aaaab"), min_size=count, max_size=count))
    mixed = draw(st.booleans())
    return [
        Row(
            photo=f"{group}-{index}",
            label="b" if mixed and index == 3 else label,
            dataset="one" if group % 5 else "two",
            group=f"g{group}",
        )
        for group, (size, label) in enumerate(zip(sizes, labels, strict=True))
        for index in range(size)
    ]


@settings(max_examples=20)
@given(rows=photo_sets(), seed=st.integers(0, 1000))
@pytest.mark.slow
def test_no_group_is_on_two_sides(rows: list[Row], seed: int) -> None:
    splits = assign_splits(rows, seed)
    sides = defaultdict(set)
    for row, split in zip(rows, splits, strict=True):
        sides[row.group].add(split)
    assert all(len(side) == 1 for side in sides.values())
    assert set(splits) == set(SPLITS[1:]), "every split has photos"
    assert splits == assign_splits(rows, seed), "the same seed, the same splits"


def plain(count: int, label: str = "a", dataset: str = "d") -> list[Row]:
    """Photos that are groups of their own."""
    return [
        Row(photo=f"{label}{i}", label=label, dataset=dataset, group=f"{label}{dataset}{i}")
        for i in range(count)
    ]


# rows, which of them are looked at, why
SHARED = [
    (plain(400), ("a", "d"), "one label"),
    (plain(400) + plain(100, "b"), ("b", "d"), "the rarer label"),
    (plain(400) + plain(100, "a", "other"), ("a", "other"), "the rarer data set"),
]


@pytest.mark.parametrize(("rows", "stratum", "why"), SHARED, ids=[row[2] for row in SHARED])
def test_shares_are_alike_for_each_label_and_data_set(
    rows: list[Row], stratum: tuple[str, str], why: str
) -> None:
    own = Counter(
        split
        for row, split in zip(rows, assign_splits(rows), strict=True)
        if (row.label, row.dataset) == stratum
    )
    total = own.total()
    shares = {split: count / total for split, count in own.items()}
    expected = {"train": 0.6, "validation": 0.15, "calibration": 0.1, "test": 0.15}
    assert shares == pytest.approx(expected, abs=0.03), why


def test_another_seed_gives_other_splits() -> None:
    assert assign_splits(plain(100), seed=0) != assign_splits(plain(100), seed=1)


# rows, why they cannot be split
TOO_FEW = [
    (plain(10), "ten photos"),
    ([Row(photo=str(i), label="a", group=str(i % 3)) for i in range(60)], "three patients"),
    (plain(15, "a") + plain(15, "b") + plain(15, "c"), "fifteen photos of each label"),
]


@pytest.mark.parametrize(("rows", "why"), TOO_FEW, ids=[row[1] for row in TOO_FEW])
def test_too_few_photos_are_said_to_be_too_few(rows: list[Row], why: str) -> None:
    """A set is split, or the person is told so; scikit-learn's own error is no message for them."""
    try:
        splits = assign_splits(rows)
    except ManifestError:
        return
    assert len(splits) == len(rows), why
    assert set(splits) <= set(SPLITS[1:]), why
