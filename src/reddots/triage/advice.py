"""Picks from the guidance what this reader needs, and nothing else."""

from collections.abc import Mapping
from typing import Final, get_args

import msgspec

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.conditions import Holding
from reddots.knowledge.guidance import Section

_LEADING = 0.2  # a candidate at least this probable leads, and the first of them always does
_ABOUT = 3  # how many candidates are explained
_LISTS: Final = ("do_now", "watch_for", "tell_the_doctor")


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
    holding: Holding,
    probabilities: Mapping[str, float],
    knowledge: Knowledge,
    *,
    anything_known: bool,
) -> Guidance:
    """Pick the guidance for an urgency, what holds, and candidates (most probable first).

    With nothing known, no candidate leads: the probabilities are then priors about other people.
    """
    ranked = list(probabilities) if anything_known else []
    leading = {c for i, c in enumerate(ranked) if i == 0 or probabilities[c] >= _LEADING}
    ranked = ranked[:_ABOUT]
    sections: dict[str, list[str]] = {name: [] for name in get_args(Section)}
    about: dict[str, list[About]] = {c: [] for c in (*ranked, "")}
    for category in ranked:
        known = knowledge.categories[category]
        about[category].append(About(category, known.summary, known.source))
    for advice in knowledge.advice[urgency].certain(holding):
        wanted = advice.categories
        if wanted and leading.isdisjoint(wanted):
            continue
        if advice.section != "about":
            sections[advice.section].append(advice.text)
        for category in (c for c in wanted or ("",) if advice.section == "about" and c in about):
            about[category].append(About(category, advice.text, advice.source))
    do_now, watch_for, tell_the_doctor = (tuple(dict.fromkeys(sections[s])) for s in _LISTS)
    return Guidance(
        " ".join(sections["summary"]),
        do_now,
        watch_for,
        tell_the_doctor,
        tuple(item for items in about.values() for item in items),
    )
