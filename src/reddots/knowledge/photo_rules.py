"""Photo rules: what a photo may raise, from ``data/knowledge/rules.toml``."""

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from reddots._toml import Text
from reddots.errors import KnowledgeError
from reddots.knowledge.sources import CitedEntry

LevelName = Literal["self_care", "routine", "within_days", "same_day", "emergency"]


class PhotoRule(CitedEntry, frozen=True):
    """A photo output that raises the urgency when it is at least that probable.

    Attributes:
        at_least: the calibrated probability, 0 to 1; for an output that was taught by simulation
            alone the capped likelihood ratio, 1 or more.
        despite_calm: by self-care rule, the greater limit that takes its place where the answers
            fulfil that rule and nothing above it.
    """

    id: Text
    urgency: LevelName
    output: Text
    at_least: float
    text: Text
    despite_calm: Mapping[str, float] = msgspec.field(default_factory=dict)

    def limit(self, held: Collection[str]) -> float:
        """Return the limit where the answers fulfil the rules of the ids ``held``.

        Example:
            >>> from reddots.knowledge import load
            >>> growth = load().rules.photo_rules[1]
            >>> growth.limit([]) < growth.limit(["typical_cherry_angioma"])
            True
        """
        return max([self.at_least, *(v for k, v in self.despite_calm.items() if k in held)])

    def require_calm(self, calm: Collection[str]) -> None:
        """Check ``despite_calm`` against the ids of the self-care rules.

        Raises:
            KnowledgeError: it names another rule, or a limit below ``at_least``.
        """
        if set(self.despite_calm) - set(calm):
            raise KnowledgeError(
                f"the photo rule “{self.id}” names in “despite_calm” what is no self-care rule."
            )
        if min(self.despite_calm.values(), default=self.at_least) < self.at_least:
            raise KnowledgeError(f"the photo rule “{self.id}” has a lower limit despite calm.")
