"""Model outputs: what the checkpoints at hand can say about a photo, from their side-cars.

Only the names and caps are read here, so that the knowledge stands without the classifier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from reddots.errors import KnowledgeError
from reddots.knowledge.photo_rules import PhotoRule


class _SideCar(msgspec.Struct, frozen=True):
    outputs: tuple[str, ...]
    simulated: dict[str, float] = {}


@dataclass(frozen=True)
class Outputs:
    """The outputs of some checkpoints together.

    Attributes:
        real: those trained on photos; a rule compares their probability, 0 to 1.
        caps: those taught by simulation alone, with the cap of their likelihood ratio; a rule
            compares the ratio, from 1 to the cap.
    """

    real: frozenset[str]
    caps: Mapping[str, float]

    def require(self, rules: Iterable[PhotoRule]) -> None:
        """Check that a checkpoint can fulfil each rule.

        Raises:
            KnowledgeError: none can; the message names the rule.
        """
        for rule in rules:
            cap = 1.0 if rule.output in self.real else self.caps.get(rule.output)
            least = 0.0 if rule.output in self.real else 1.0
            problem = None
            if cap is None:
                there = ", ".join(sorted({*self.real, *self.caps}))
                problem = f"names “{rule.output}”, which no checkpoint has; there are {there}"
            elif not (least < rule.at_least and rule.limit(rule.despite_calm) <= cap):
                problem = f"needs an “at_least” above {least:g} and at most {cap:.4g}"
            if problem:
                raise KnowledgeError(f"rules.toml: the photo rule “{rule.id}” {problem}.")


def read_outputs(checkpoints: Path) -> Outputs | None:
    """Read the outputs of all classifiers in a folder; None where there is none.

    Raises:
        KnowledgeError: a side-car is damaged.
    """
    real: set[str] = set()
    caps: dict[str, float] = {}
    paths = sorted(checkpoints.glob("reddots-*.json"))
    for path in paths:
        try:
            side_car = msgspec.json.decode(path.read_bytes(), type=_SideCar)
        except (OSError, msgspec.DecodeError) as error:
            raise KnowledgeError(f"the checkpoint's side-car {path.name} is damaged.") from error
        real.update(side_car.outputs)
        for output, cap in side_car.simulated.items():
            caps[output] = max(cap, caps.get(output, cap))
    return Outputs(frozenset(real), caps) if paths else None
