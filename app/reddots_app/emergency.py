"""Emergency telephone numbers for the page, by country, from the knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reddots.knowledge import Knowledge

_COMMON: Final = ("112", "999", "911")  # what people may know, where the country is another


@dataclass(frozen=True)
class CallNumbers:
    """What to call.

    Attributes:
        number: for an ambulance in the reader's country.
        advice: the line for medical advice there; empty where none is known.
        others: numbers of other countries, as many as are worth a button.
        by_country: every country's number, for the choice of another country.
    """

    number: str
    advice: str
    others: tuple[str, ...]
    by_country: Mapping[str, str]


def call_numbers(country: str, knowledge: Knowledge) -> CallNumbers:
    """Return what to call in ``country`` (ISO 3166; unknown gives the default number).

    Example:
        >>> from reddots.knowledge import load
        >>> call_numbers("GB", load()).number
        '999'
    """
    numbers = knowledge.emergency_numbers
    number = numbers.emergency_number(country or None)
    return CallNumbers(
        number,
        numbers.advice_line(country or None) or "",
        tuple(other for other in _COMMON if other != number),
        numbers.emergency,
    )
