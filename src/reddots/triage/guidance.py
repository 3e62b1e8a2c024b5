"""Guidance selection: picks the texts that this reader needs, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.kinds import Kind
from reddots.triage.evaluation import Evaluation

_LEADING = 0.2  # a candidate at least this probable leads, and the first of them always does
_ABOUT = 3  # how many candidates are explained at most
_LEAST_ABOUT = 0.05  # a candidate less probable than this is not explained
_SECTIONS: Final = ("summary", "do_now", "watch_for", "tell_the_doctor")  # all but “about”


class About(msgspec.Struct, frozen=True):
    """What a category is, for a reader who may have it."""

    category: str
    text: str
    source: str


class Guidance(msgspec.Struct, frozen=True):
    """What to do next, in reading order."""

    summary: str
    do_now: tuple[str, ...]
    watch_for: tuple[str, ...]
    tell_the_doctor: tuple[str, ...]
    about: tuple[About, ...]


def advise(
    urgency: Urgency,
    evaluation: Evaluation,
    probabilities: Mapping[str, float],
    knowledge: Knowledge,
    *,
    anything_known: bool,
    open_gates: Sequence[str] = (),
    kinds: Mapping[str, Kind] | None = None,
    country: str | None = None,
) -> Guidance:
    """Pick the guidance for an urgency, what holds, and the candidates, most probable first.

    With nothing known, no candidate leads: the probabilities are then priors about other people.
    ``open_gates`` are the names of gates without an answer; while there are any, nothing that calms
    is said. The kind of the first candidate gives its own advice where that is care at home.
    """
    settled = not open_gates
    likely = [c for c, p in probabilities.items() if p >= _LEAST_ABOUT]
    ranked = likely[:_ABOUT] if anything_known else []
    leading = {c for c, p in probabilities.items() if p >= _LEADING} if ranked else set()
    leading.update(ranked[:1])
    # Dictionaries, as they keep the order and hold each text once.
    sections: dict[str, dict[str, None]] = {name: {} for name in _SECTIONS}
    kind = kinds.get(ranked[0]) if kinds and ranked else None
    if kind is not None and kind.home:
        sections["do_now"][kind.advice] = None
    about: dict[str, list[About]] = {}
    for category in ranked:
        known = knowledge.categories[category]
        if settled or not known.reassuring:
            about[category] = [About(category, known.summary, known.source)]
    about[""] = []
    for advice in knowledge.guidance.by_level[urgency]:
        if advice.settled is not None and advice.settled is not settled:
            continue
        if advice.when and not evaluation.is_certain(advice.when):
            continue
        wanted = advice.categories
        if wanted and leading.isdisjoint(wanted):
            continue
        section = sections.get(advice.section)
        if section is not None:
            section[advice.text] = None
            continue
        for category in wanted or ("",):
            if category in about:
                about[category].append(About(category, advice.text, advice.source))
    fill = _filler(open_gates, country, knowledge)
    summary, do_now, watch_for, tell_the_doctor = (
        tuple(fill(text) for text in texts) for texts in sections.values()
    )
    return Guidance(
        " ".join(summary),
        do_now,
        watch_for,
        tell_the_doctor,
        tuple([item for items in about.values() for item in items]),
    )


def _filler(
    open_gates: Sequence[str], country: str | None, knowledge: Knowledge
) -> Callable[[str], str]:
    """Return what puts the open gates and the numbers to call into a text."""
    numbers, elsewhere = knowledge.emergency_numbers, knowledge.guidance.numbers
    known = country is not None and country.upper() in numbers.emergency
    values = {
        "gates": f"{knowledge.guidance.separator} ".join(open_gates),
        "emergency": numbers.emergency_number(country) if known else elsewhere.emergency,
        "advice_line": numbers.advice_line(country) or elsewhere.advice_line,
    }
    return lambda text: text.format_map(values) if "{" in text else text
