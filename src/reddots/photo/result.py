"""Photo result: what a photo says, as the classifier hands it to triage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from reddots.errors import PhotoError

GATE: Final = "not_skin"  # the problem of a photo without skin, and the output that finds it
UNREADABLE: Final = frozenset(
    {"missing", "not_a_file", "empty", "too_large", "unsupported_format", "unreadable"}
)
UNUSABLE: Final = UNREADABLE | {GATE}  # problems for which a photo is left out


NO_SPOTS: Final = "no_spots"  # the problem of a photo of skin on which no red spot was found


@dataclass(frozen=True)
class PhotoSpots:
    """What was found of spots in one photo.

    Attributes:
        count: how many.
        diameter: median, as a share of the photo's shorter side; 0 without any.
        pattern: how they are arranged, as in ``spots.pattern``; empty without any.
        colour: of a good part of them, commonest first: ``red``, ``purple``, ``brown``.
        marks: each spot's x, y and diameter as shares of width, height and the shorter side.
        size: ``pinpoint``, ``small`` or ``large``; empty without any.
    """

    count: int
    diameter: float = 0.0
    pattern: str = ""
    colour: Sequence[str] = ()
    marks: Sequence[tuple[float, float, float]] = ()
    size: str = ""


@dataclass(frozen=True)
class PhotoResult:
    """The result of analysing one photo, or several photos of the same spots.

    Attributes:
        status: ``rejected`` when the photo says nothing about spots (unreadable, or not skin).
        problems: short ids of what is wrong, worst first; texts: ``data/knowledge/guidance.toml``.
        causes: ids of finer causes of these, such as ``camera_raw``; texts in the same place.
        categories: calibrated probability of each output of the checkpoint, summing to 1, in the
            side-car's order; empty when the photo never reached the network.
        abstained: the network is too unsure for its first choice to be worth naming.
        prediction_set: outputs that remain possible at the checkpoint's stated coverage.
        not_skin: the gate found no skin.
        training_priors: output shares of the training set, which triage divides out.
        deployment_priors: output shares expected in use; empty where nobody expects any.
        simulated_ratios: likelihood ratio, already capped and at least 1, of outputs that were
            taught by simulation alone.
        spots: what was found of spots; None where they were not searched for.
    """

    status: Literal["ok", "rejected"]
    problems: Sequence[str] = ()
    categories: Mapping[str, float] = field(default_factory=dict)
    abstained: bool = False
    prediction_set: Sequence[str] = ()
    not_skin: bool = False
    training_priors: Mapping[str, float] = field(default_factory=dict)
    deployment_priors: Mapping[str, float] = field(default_factory=dict)
    simulated_ratios: Mapping[str, float] = field(default_factory=dict)
    spots: PhotoSpots | None = None
    causes: Sequence[str] = ()

    @classmethod
    def unreadable(cls, error: PhotoError) -> "PhotoResult":
        """Return the result of a photo that cannot be read."""
        causes = (error.cause,) if error.cause else ()
        return cls(status="rejected", problems=(error.problem,), causes=causes)

    @property
    def in_use(self) -> Mapping[str, float]:
        """Posterior under the deployment priors (prior shift: Saerens et al. 2002), summing to 1.

        ``categories`` as they are where a prior is missing.
        """
        ours, theirs = self.deployment_priors, self.training_priors
        if not self.categories or not all(theirs.get(o) and ours.get(o) for o in self.categories):
            return self.categories
        weights = {o: p * ours[o] / theirs[o] for o, p in self.categories.items()}
        total = sum(weights.values())
        return {o: weight / total for o, weight in weights.items()} if total else self.categories

    @property
    def category(self) -> str:
        """The output that is named: the likeliest in use, or the gate that turned it away."""
        return GATE if self.not_skin else _likeliest(self.in_use)

    @property
    def category_training(self) -> str:
        """The likeliest output under the shares of training; empty without any."""
        return _likeliest(self.categories)

    def with_spots(self, spots: PhotoSpots) -> "PhotoResult":
        """Return the result with what was found of spots.

        Skin without a red spot is no rash: the network's first choice is then not worth naming.
        """
        found = replace(self, spots=spots)
        if spots.count or self.status != "ok":
            return found
        return replace(found, abstained=True).with_problems((NO_SPOTS,))

    def with_problems(self, problems: Sequence[str]) -> "PhotoResult":
        """Return the result with these problems too, each once."""
        return replace(self, problems=tuple(dict.fromkeys((*self.problems, *problems))))


def _likeliest(probabilities: Mapping[str, float]) -> str:
    return max(probabilities, key=lambda output: probabilities[output], default="")
