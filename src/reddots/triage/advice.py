"""Picks from the guidance what this reader needs, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.guidance import Advice
from reddots.triage.answers import Answers
from reddots.triage.conditions import Case, Truth

_LEADING = 0.2  # a candidate at least this probable leads, and the first of them always does
_ABOUT = 3  # how many candidates are explained


@dataclass(frozen=True)
class About:
    """What a category is, for a reader who may have it."""

    category: str
    text: str
    source: str


@dataclass(frozen=True)
class Guidance:
    """What to do next, in reading order."""

    summary: str
    do_now: tuple[str, ...]
    watch_for: tuple[str, ...]
    tell_the_doctor: tuple[str, ...]
    about: tuple[About, ...]


def advise(
    urgency: Urgency,
    answers: Answers,
    probabilities: Mapping[str, float],
    knowledge: Knowledge,
    *,
    anything_known: bool,
) -> Guidance:
    """Pick the guidance for an urgency, answers and candidates (most probable first).

    With nothing known, no candidate leads: the probabilities are then priors about other people.
    """
    case = Case(answers, knowledge.rules.findings)
    ranked = list(probabilities) if anything_known else []
    leading = {c for i, c in enumerate(ranked) if i == 0 or probabilities[c] >= _LEADING}
    chosen = [a for a in knowledge.guidance.advice if _applies(a, urgency, leading, case)]

    def section(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(a.text for a in chosen if a.section == name))

    about = []
    for category in ranked[:_ABOUT]:
        known = knowledge.categories[category]
        about.append(About(category, known.summary, known.source))
        about += [
            About(category, a.text, a.source)
            for a in chosen
            if a.section == "about" and category in a.categories
        ]
    about += [
        About("", a.text, a.source) for a in chosen if a.section == "about" and not a.categories
    ]
    return Guidance(
        " ".join(section("summary")),
        section("do_now"),
        section("watch_for"),
        section("tell_the_doctor"),
        tuple(about),
    )


def _applies(advice: Advice, urgency: Urgency, leading: set[str], case: Case) -> bool:
    if advice.levels and urgency not in advice.levels:
        return False
    if advice.categories and leading.isdisjoint(advice.categories):
        return False
    return case.all(advice.when) is Truth.YES
