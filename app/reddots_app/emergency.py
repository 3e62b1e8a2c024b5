"""Emergency telephone numbers for the page, by country."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reddots_app.i18n import Texts

_BY_COUNTRY: Final[Mapping[str, str]] = {"GB": "999", "US": "911", "CA": "911"}
_ELSEWHERE: Final = "112"


@dataclass(frozen=True)
class EmergencyNumbers:
    """What to call: ``number`` first, and the numbers of other places with their names."""

    number: str
    others: tuple[tuple[str, str], ...]


def emergency_numbers(country: str, texts: Texts) -> EmergencyNumbers:
    """Return the numbers for somebody in ``country`` (ISO 3166; unknown is Europe's 112).

    Example:
        >>> from reddots_app.i18n import page_texts
        >>> emergency_numbers("GB", page_texts()["en"]).number
        '999'
    """
    number = _BY_COUNTRY.get(country, _ELSEWHERE)
    places = tuple((entry["number"], entry["place"]) for entry in texts.emergency_number)
    return EmergencyNumbers(number, tuple(p for p in places if p[0] != number))
