"""Confirmation: what was found of spots, as a question, and the answers that a yes stands for.

Nothing of it counts before the person says yes; ``reddots.triage.confirmed`` then fills it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reddots.knowledge.translation import SOURCE_LANGUAGE
from reddots.photo.result import PhotoSpots
from reddots.spots.words import read_phrases, read_words


@dataclass(frozen=True)
class Confirmation:
    """What a person is asked to confirm.

    Attributes:
        question: such as “We see about 40 small red dots, spread evenly. Is that right?”.
        answers: what a yes stands for: the questions ``count``, ``size``, ``colour``, and
            ``pattern`` of more than one spot, with legal values.
    """

    question: str
    answers: Mapping[str, Any]


def confirmation(spots: PhotoSpots, language: str = SOURCE_LANGUAGE) -> Confirmation | None:
    """Return what to ask about the spots of a photo; None where there is nothing to confirm.

    Args:
        spots: as in ``PhotoResult.spots``. Of words that are not ours, nothing is asked.
        language: of the question; one that is not there gives English.

    Example:
        >>> found = confirmation(PhotoSpots(1, 0.02, "single", ("red",), size="small"))
        >>> found.question
        'We see one small red dot. Is that right?'
        >>> found.answers
        {'count': 'one', 'size': 'small', 'colour': ['red']}
    """
    phrases = read_phrases(language)
    needed = [f"size.{spots.size}", *(f"colour.{colour}" for colour in spots.colour)]
    if spots.pattern != "single":
        needed.append(f"pattern.{spots.pattern}")
    if spots.count < 1 or not spots.colour or any(name not in phrases for name in needed):
        return None
    several = phrases["about"].text.format(number=rounded(spots.count))
    question = phrases["found"].text.format(
        count=phrases["one"].text if spots.count == 1 else several,
        size=phrases[f"size.{spots.size}"].of(spots.count, language),
        colour=phrases[f"colour.{spots.colour[0]}"].of(spots.count, language),
        dots=phrases["dots"].of(spots.count, language),
        pattern="" if spots.pattern == "single" else phrases[f"pattern.{spots.pattern}"].text,
    )
    answers = {"count": count_word(spots.count), "size": spots.size, "colour": list(spots.colour)}
    values = {a.pattern: a.value for a in read_words().answer}
    if spots.pattern in values:
        answers["pattern"] = values[spots.pattern]
    return Confirmation(question, answers)


def sentence(spots: PhotoSpots, language: str = SOURCE_LANGUAGE) -> str:
    """Return the question of ``confirmation``, or that no clear red dots were found.

    Example:
        >>> sentence(PhotoSpots(0)).split(".")[0]
        'We see no clear red dots in this photo'
    """
    found = confirmation(spots, language)
    return found.question if found else read_phrases(language)["none"].text


def count_word(count: int) -> str:
    """Return a count as the question ``count`` has it: ``one``, ``few`` or ``many``."""
    if count == 1:
        return "one"
    return "few" if count <= read_words().count.few else "many"


def rounded(count: int) -> int:
    """Return a count as one would say it: to two digits, from 20 on to tens."""
    if count < 20:
        return count
    step = 10 ** (len(str(count)) - 1) if count >= 100 else 10
    return round(count / step) * step
