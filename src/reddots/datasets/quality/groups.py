"""Groups (clusters): patients and lesions, joined where their photos are near-duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reddots.datasets.manifest import Row


def merge_groups(rows: Sequence[Row], near: Iterable[tuple[int, int]]) -> tuple[Row, ...]:
    """Return the rows with the groups joined that hold photos of the same.

    Joined groups all take the name of the one that comes first among the rows; the others keep
    theirs, so that they are split as before.

    Args:
        rows: the manifest's rows.
        near: pairs of indices into ``rows`` that show the same.
    """
    first: dict[tuple[str, str], int] = {}
    parent = [first.setdefault((row.dataset, row.group), i) for i, row in enumerate(rows)]

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for left, right in near:
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return tuple(
        row if rows[root(i)].group == row.group else replace(row, group=rows[root(i)].group)
        for i, row in enumerate(rows)
    )
