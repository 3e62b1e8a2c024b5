"""Probabilities beside the truth, and what follows from both before any figure is worked out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Scored:
    """N photos that have both a prediction and a truth, over K outputs.

    Attributes:
        outputs: K names.
        probabilities: N × K, 0 to 1, rows summing to 1.
        may: N × K, the outputs that the truth may mean; at least one in each row.
        surely: N × K, the outputs that the truth names for certain; none in a coarse row.
        groups: N, the number of the patient, lesion or near-duplicate cluster, from 0.
    """

    outputs: tuple[str, ...]
    probabilities: Floats
    may: Flags
    surely: Flags
    groups: Whole

    def __len__(self) -> int:
        return len(self.probabilities)

    @cached_property
    def called(self) -> Whole:
        """The likeliest output of each photo (N); of equals the first."""
        result: Whole = self.probabilities.argmax(axis=1)
        return result

    @cached_property
    def confidence(self) -> Floats:
        """The probability of the likeliest output (N)."""
        result: Floats = self.probabilities.max(axis=1)
        return result

    @cached_property
    def right(self) -> Flags:
        """Whether the likeliest output is one that the truth may mean (N)."""
        return self.may[np.arange(len(self)), self.called]

    @cached_property
    def exact(self) -> Flags:
        """Whether the truth is a single output (N)."""
        result: Flags = (self.may.sum(axis=1) == 1) & (self.surely.sum(axis=1) == 1)
        return result

    @cached_property
    def kinds(self) -> tuple[Flags, Flags, Whole]:
        """The different truths: ``may`` and ``surely`` (T × K each), and each photo's (N).

        The first K are the outputs themselves, present or not; coarse and manifold ones follow.
        """
        count = len(self.outputs)
        single = np.eye(count, dtype=bool)
        rest = np.concatenate([self.may, self.surely], axis=1)[~self.exact]
        others, places = np.unique(rest, axis=0, return_inverse=True)
        kind = np.empty(len(self), dtype=np.intp)
        kind[self.exact] = self.may[self.exact].argmax(axis=1)
        kind[~self.exact] = count + places.reshape(-1)
        may = np.concatenate([single, others[:, :count]])
        return may, np.concatenate([single, others[:, count:]]), kind

    def take(self, rows: Whole | Flags) -> "Scored":
        """Return some of the photos."""
        return Scored(
            self.outputs,
            self.probabilities[rows],
            self.may[rows],
            self.surely[rows],
            self.groups[rows],
        )
