"""Three-valued logic (Kleene 1938): how far each term, condition and rule holds for some answers.

A statement is true, false or unknown. Unknown comes in two degrees, as “not sure” to a warning sign
must weigh more than a question that nobody has answered yet, so that there are four truth values:

    NO < OPEN < UNSURE < YES

“All of these” is as true as its least true part, “any of these” as its truest, “at least two of
these” as its second truest. What switches a rule off (``unless``) does so only when it is certain.
"""

from collections.abc import Mapping
from enum import IntEnum

import msgspec

from reddots.knowledge.conditions import Term
from reddots.knowledge.questions import UNSURE as NOT_SURE
from reddots.knowledge.questions import Answer


class Truth(IntEnum):
    """How far something holds; a greater value is truer."""

    NO = 0  # false
    OPEN = 1  # unknown: a question that it rests on has no answer yet
    UNSURE = 2  # unknown: the answer is “not sure”
    YES = 3  # true


NO, OPEN, UNSURE, YES = Truth


def truth_of_term(term: Term, answer: Answer | None) -> Truth:
    """Return how far ``answer`` (None: not answered) makes a plain term hold.

    Example:
        >>> from reddots.knowledge import load
        >>> from reddots.knowledge.conditions import parse_term
        >>> fever = parse_term("fever", load().questions)
        >>> [truth_of_term(fever, answer).name for answer in ("yes", "not_sure", None, "no")]
        ['YES', 'UNSURE', 'OPEN', 'NO']
    """
    if term.fulfilled_by(answer):
        return YES
    if term.operator == "unknown":
        return NO
    if answer is None:
        return OPEN
    return UNSURE if answer == NOT_SURE else NO


class Requirement(msgspec.Struct, frozen=True):
    """What a rule or a condition asks for, by the names of its terms.

    Attributes:
        all: every one must hold.
        any: at least ``at_least`` of them must hold, where there are any.
        unless: none may hold for certain.
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    at_least: int = 1
    unless: tuple[str, ...] = ()

    def truth(self, truths: Mapping[str, Truth]) -> Truth:
        """Return how far it holds, from how far its terms do."""
        found = YES
        for name in self.all:
            truth = truths[name]
            if truth < found:
                if truth is NO:
                    return NO
                found = truth
        if self.any:
            parts = [truths[name] for name in self.any]
            if self.at_least == 1:
                truest = max(parts)
            else:
                truest = sorted(parts, reverse=True)[self.at_least - 1]
            found = min(found, truest)
        for name in self.unless:
            if truths[name] is YES:
                return NO
        return found
