"""Emergency telephone numbers by country, from ``data/emergency_numbers.toml``.

Each country has a number for an ambulance; some also have a line for medical advice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.sources import Bibliography, Citations, CitedEntry

_CODE_LENGTH = 2  # of a country's code in ISO 3166-1 alpha-2


class _Line(CitedEntry, frozen=True):
    number: str
    countries: tuple[str, ...]


class _File(Entry, frozen=True):
    default: str
    emergency: tuple[_Line, ...]
    advice: tuple[_Line, ...]


@dataclass(frozen=True)
class EmergencyNumbers:
    """Numbers to call, by ISO 3166 code of the country.

    Attributes:
        default: where the country is unknown or not listed.
    """

    default: str
    emergency: Mapping[str, str]
    advice: Mapping[str, str]
    citations: tuple[Citations, ...]

    def emergency_number(self, country: str | None) -> str:
        """Return the number for an ambulance in ``country``.

        Example:
            >>> from reddots.knowledge import load
            >>> load().emergency_numbers.emergency_number("GB")
            '999'
            >>> load().emergency_numbers.emergency_number(None)
            '112'
        """
        return self.emergency.get((country or "").upper(), self.default)

    def advice_line(self, country: str | None) -> str | None:
        """Return the number of the medical advice line, or None where we know of none."""
        return self.advice.get((country or "").upper())


def read_emergency_numbers(path: Path, sources: Bibliography) -> EmergencyNumbers:
    """Read the numbers.

    Raises:
        KnowledgeError: the file does not fit, a country stands twice or is no code of two capital
            letters, or a number has no digit.
    """
    raw = read_toml(path, _File, sources.decode)
    for name, lines in (("emergency", raw.emergency), ("advice", raw.advice)):
        countries = [country for line in lines for country in line.countries]
        require_unique(f"{path.name} [{name}]", countries)
        odd = [c for c in countries if len(c) != _CODE_LENGTH or not c.isalpha() or not c.isupper()]
        odd += [line.number for line in lines if not line.number.replace(" ", "").isdigit()]
        if odd:
            raise KnowledgeError(f"{path.name} [{name}]: {odd} are no country code or number.")
    return EmergencyNumbers(
        raw.default,
        dict(_by_country(raw.emergency)),
        dict(_by_country(raw.advice)),
        tuple(line.sources for line in (*raw.emergency, *raw.advice)),
    )


def _by_country(lines: tuple[_Line, ...]) -> Iterator[tuple[str, str]]:
    for line in lines:
        yield from ((country, line.number) for country in line.countries)
