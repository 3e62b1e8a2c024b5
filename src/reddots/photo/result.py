"""What a photo says: the value that the classifier hands to triage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

GATE: Final = "not_skin"  # the problem of a photo without skin, and the output that finds it
UNREADABLE: Final = frozenset(
    {"missing", "not_a_file", "empty", "too_large", "unsupported_format", "unreadable"}
)
UNUSABLE: Final = UNREADABLE | {GATE}  # problems for which a photo is left out


@dataclass(frozen=True)
class PhotoResult:
    """The outcome of looking at one photo, or at several photos of the same spots.

    Attributes:
        status: ``rejected`` when the photo says nothing about spots (unreadable, or not skin).
        problems: short ids of what is wrong, worst first; texts: ``data/knowledge/guidance.toml``.
        categories: calibrated probability of each output of the checkpoint, summing to 1, in the
            side-car's order; empty when the photo never reached the network.
        abstained: the network is too unsure for its first choice to be worth naming.
        prediction_set: outputs that remain possible at the checkpoint's stated coverage.
        not_skin: the gate found no skin.
        training_priors: output shares of the training set, which triage divides out.
        simulated_ratios: likelihood ratio, already capped and at least 1, of outputs that were
            taught by simulation alone.
    """

    status: Literal["ok", "rejected"]
    problems: Sequence[str] = ()
    categories: Mapping[str, float] = field(default_factory=dict)
    abstained: bool = False
    prediction_set: Sequence[str] = ()
    not_skin: bool = False
    training_priors: Mapping[str, float] = field(default_factory=dict)
    simulated_ratios: Mapping[str, float] = field(default_factory=dict)

    def with_problems(self, problems: Sequence[str]) -> "PhotoResult":
        """Return the finding with these problems too, each once."""
        return replace(self, problems=tuple(dict.fromkeys((*self.problems, *problems))))
