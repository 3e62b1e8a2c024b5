"""Whether a condition holds for given answers: for certain, perhaps, or not."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from reddots.knowledge.rules import Finding
from reddots.knowledge.terms import Term
from reddots.triage.answers import Answers


class Truth(IntEnum):
    """How far a condition holds; an unknown answer makes it ``NO``, an unsure one ``UNSURE``."""

    NO = 0
    UNSURE = 1
    YES = 2


class Case:
    """Answers together with the findings they amount to, each worked out once."""

    def __init__(self, answers: Answers, findings: Mapping[str, Finding]) -> None:
        self.answers = answers
        self._findings = findings
        self._known: dict[str, Truth] = {}

    def truth(self, term: Term) -> Truth:
        """Return how far ``term`` holds."""
        known = self._known.get(term.text)
        if known is None:
            known = self._known[term.text] = self._evaluate(term)
        return known

    def all(self, terms: Iterable[Term]) -> Truth:
        """Return how far all of ``terms`` hold; YES when there are none."""
        return min((self.truth(t) for t in terms), default=Truth.YES)

    def at_least(self, count: int, terms: Iterable[Term]) -> Truth:
        """Return how far at least ``count`` of ``terms`` hold; YES when there are none."""
        truths = sorted((self.truth(t) for t in terms), reverse=True)
        return truths[count - 1] if truths else Truth.YES

    def _evaluate(self, term: Term) -> Truth:
        if term.operator == "finding":
            finding = self._findings[term.subject]
            return min(self.all(finding.all), self.at_least(1, finding.any))
        answer = self.answers.get(term.subject)
        if term.operator == "unknown":
            return Truth.YES if answer is None else Truth.NO
        if answer is None:
            return Truth.NO
        if isinstance(answer, float):
            holds = answer < term.limit if term.operator == "below" else answer >= term.limit
        elif isinstance(answer, tuple):
            chosen = term.values.issuperset if term.operator == "only" else term.values.intersection
            holds = bool(chosen(answer))
        else:
            holds = answer in term.values
            if not holds and answer == "not_sure":
                return Truth.UNSURE
        return Truth.YES if holds else Truth.NO
