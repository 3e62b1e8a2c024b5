"""Data splits by group: no patient, lesion or near-duplicate cluster is in two splits."""

import warnings
from collections.abc import Iterable, Mapping, Sequence

from reddots.datasets.manifest import Row
from reddots.datasets.quality.groups import merge_groups
from reddots.errors import ManifestError

FOLDS = 20
SHARES: Mapping[str, int] = {"test": 3, "validation": 3, "calibration": 2}


def assign_splits(
    rows: Sequence[Row], seed: int = 0, near: Iterable[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """Return a split for each row: 60% train, 15% validation, 10% calibration, 15% test.

    Shares of label and data set are alike in all splits, as far as whole groups allow (scikit-learn
    ``StratifiedGroupKFold``). The same rows and seed give the same splits.

    Args:
        rows: the photos.
        seed: of the shuffling.
        near: pairs of indices into ``rows`` that show the same, as ``data check`` finds them; their
            groups stay together. Without them the splits are those of earlier versions.

    Raises:
        ManifestError: there are too few photos or groups.
    """
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    strata = np.array([f"{row.label}@{row.dataset}" for row in rows])
    groups = np.array([row.group for row in merge_groups(rows, near)])
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    names = [split for split, share in SHARES.items() for _ in range(share)]
    names += ["train"] * (FOLDS - len(names))
    splits = ["train"] * len(rows)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a label is in some folds only is to be expected
            parts = list(folds.split(strata, strata, groups))
    except ValueError as error:
        raise ManifestError(
            f"{len(rows)} photos in {len(set(groups))} groups are too few to split: at least one "
            f"label must have {FOLDS} photos, in {FOLDS} groups. Add photos, or fill in the column "
            "“split” yourself."
        ) from error
    for name, (_, held_out) in zip(names, parts, strict=True):
        for index in held_out:
            splits[index] = name
    return tuple(splits)
