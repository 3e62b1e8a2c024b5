"""Scored predictions: probabilities beside the ground truth, over N photos and K classes.

What every metric starts from: which classes the truth allows, which one was predicted, and which
photos belong to one patient.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]


_ROUNDING: Final = 1e-3  # a sum this near to 1 is a matter of the decimals written
_BINARY: Final = 1e-9  # by which a sum of decimals misses its value in binary


def count_groups(groups: Whole) -> int:
    """Return how many different groups there are, by counting, which is quicker than sorting.

    Args:
        groups: N numbers from 0.

    Example:
        >>> count_groups(np.array([4, 0, 4]))
        2
    """
    return int(np.count_nonzero(np.bincount(groups)))


def is_off(sums: Floats) -> Flags:
    """Return which sums of probabilities (N) are further than 0.001 from 1, as written in decimals.

    Example:
        >>> is_off(np.array([0.333 * 3, 0.5 + 0.501, 0.5 + 0.5011])).tolist()
        [False, False, True]
    """
    result: Flags = np.abs(sums - 1) > _ROUNDING + _BINARY
    return result


@dataclass(frozen=True, eq=False)
class Scored:
    """Predictions and truth of the same photos.

    Attributes:
        outputs: K names of classes.
        probabilities: N × K, 0 to 1; rows sum to 1 unless several classes may hold at once.
        possible: N × K, the classes that the truth may be; at least one in each row.
        certain: N × K, the classes that the truth names for certain; none in a coarse row.
        groups: N, the number of the patient, lesion or near-duplicate cluster, from 0.
        weights: N, how much each photo counts; None where all count alike.
        decision: N, the class that the table itself decided for; None for the likeliest.

    Example:
        >>> truth = np.eye(2, dtype=bool)
        >>> p = np.array([[0.9, 0.1], [0.6, 0.4]])
        >>> Scored(("a", "b"), p, truth, truth, np.arange(2)).correct.tolist()
        [True, False]
    """

    outputs: tuple[str, ...]
    probabilities: Floats
    possible: Flags
    certain: Flags
    groups: Whole
    weights: Floats | None = None
    decision: Whole | None = None

    @classmethod
    def of_truth(
        cls, outputs: Sequence[str], probabilities: Floats, truth: Flags, groups: Sequence[str]
    ) -> "Scored":
        """Return predictions scored by truth that may be coarse.

        Args:
            outputs: the K names.
            probabilities: N × K.
            truth: N × K, each row with at least one True; more than one means one of them.
            groups: N names of patients or clusters.

        Example:
            >>> truth = np.array([[True, False], [True, True]])
            >>> Scored.of_truth("ab", np.full((2, 2), 0.5), truth, ["x", "y"]).certain.tolist()
            [[True, False], [False, False]]
        """
        exact = truth.sum(axis=1, keepdims=True) == 1
        codes = np.unique(np.asarray(groups), return_inverse=True)[1].reshape(-1)
        return cls(tuple(outputs), probabilities, truth, truth & exact, codes)

    def __len__(self) -> int:
        return len(self.probabilities)

    @cached_property
    def weight(self) -> Floats:
        """How much each photo counts (N), 1 by default."""
        return np.ones(len(self)) if self.weights is None else self.weights

    @cached_property
    def predicted(self) -> Whole:
        """The predicted class of each photo (N): the likeliest, of equals the first."""
        result: Whole = (
            self.probabilities.argmax(axis=1) if self.decision is None else self.decision
        )
        return result

    @cached_property
    def confidence(self) -> Floats:
        """The probability of the predicted class (N)."""
        if self.decision is None:
            result: Floats = self.probabilities.max(axis=1)
        else:
            result = self.probabilities[np.arange(len(self)), self.decision]
        return result

    @cached_property
    def correct(self) -> Flags:
        """Whether the predicted class is one that the truth allows (N)."""
        return self.possible[np.arange(len(self)), self.predicted]

    @cached_property
    def exact(self) -> Flags:
        """Whether the truth is a single class (N)."""
        result: Flags = (self.possible.sum(axis=1) == 1) & (self.certain.sum(axis=1) == 1)
        return result

    @cached_property
    def known(self) -> Flags:
        """Of which classes it is known whether they hold (N × K)."""
        result: Flags = self.certain | ~self.possible
        return result

    @cached_property
    def kinds(self) -> tuple[Flags, Flags, Whole]:
        """The different truths: ``possible`` and ``certain`` (T × K each), and each photo's (N).

        The first K are the classes themselves, present or not; coarse and manifold ones follow.
        """
        count = len(self.outputs)
        single = np.eye(count, dtype=bool)
        rest = np.concatenate([self.possible, self.certain], axis=1)[~self.exact]
        others, places = np.unique(rest, axis=0, return_inverse=True)
        kind = np.empty(len(self), dtype=np.intp)
        kind[self.exact] = self.possible[self.exact].argmax(axis=1)
        kind[~self.exact] = count + places.reshape(-1)
        possible = np.concatenate([single, others[:, :count]])
        return possible, np.concatenate([single, others[:, count:]]), kind

    def ordered(self, outputs: Sequence[str]) -> "Scored":
        """Return the same with its classes in another order."""
        columns = np.array([self.outputs.index(output) for output in outputs], dtype=np.intp)
        places: Whole = np.argsort(columns)
        return replace(
            self,
            outputs=tuple(outputs),
            probabilities=self.probabilities[:, columns],
            possible=self.possible[:, columns],
            certain=self.certain[:, columns],
            decision=None if self.decision is None else places[self.decision],
        )

    def take(self, rows: Whole | Flags) -> "Scored":
        """Return some of the photos; groups are numbered anew."""
        return replace(
            self,
            probabilities=self.probabilities[rows],
            possible=self.possible[rows],
            certain=self.certain[rows],
            groups=np.unique(self.groups[rows], return_inverse=True)[1].reshape(-1),
            weights=None if self.weights is None else self.weights[rows],
            decision=None if self.decision is None else self.decision[rows],
        )


def sum_by(places: Whole, values: Floats, count: int = 0) -> Floats:
    """Return the sums of values by place, from 0 to the last place or ``count`` − 1.

    Example:
        >>> sum_by(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0])).tolist()
        [1.0, 0.0, 5.0]
    """
    return np.asarray(np.bincount(places, weights=values, minlength=count), dtype=np.float64)
