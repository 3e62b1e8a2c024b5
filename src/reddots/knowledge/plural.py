"""Plural forms (i18n): whether a noun beside a number is in the singular, by language.

From ``data/locale/plurals.toml``, after the plural rules of the Unicode CLDR. Whatever says a
number with a noun to a person takes the noun from ``plural_form``.
"""

from collections.abc import Mapping
from functools import cache

from reddots._resources import folder
from reddots._toml import Entry, Text, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge.translation import SOURCE_LANGUAGE, languages


class PluralRule(Entry, frozen=True, kw_only=True):
    """The numbers of which a language says a noun in the singular.

    Attributes:
        one: such a number.
        below: all numbers from ``one`` up to this one are too; without it, ``one`` alone.
        source: where the rule stands.
    """

    one: float
    below: float | None = None
    source: Text

    def is_singular(self, count: float) -> bool:
        """Whether a noun beside ``count`` is in the singular."""
        return count == self.one or (self.below is not None and self.one <= count < self.below)


@cache
def read_plural_rules() -> Mapping[str, PluralRule]:
    """Return the rule of each language by its code.

    Raises:
        KnowledgeError: the file is missing, does not fit, or has no rule for a language.
    """
    path = folder("data") / "locale" / "plurals.toml"
    rules = read_toml(path, dict[str, PluralRule])
    if lacking := sorted(set(languages()) - rules.keys()):
        raise KnowledgeError(f"{path.name}: there is no rule for {', '.join(lacking)}.")
    return rules


def plural_form(count: float, one: str, many: str, language: str = SOURCE_LANGUAGE) -> str:
    """Return ``one`` or ``many``, whichever the language says beside ``count``.

    Args:
        count: the number that a person reads.
        one: the noun, or a sentence around it, in the singular.
        many: the same in the plural.
        language: such as ``fr``; one that is not there counts as English.

    Example:
        >>> plural_form(0, "day", "days"), plural_form(0, "jour", "jours", "fr")
        ('days', 'jour')
    """
    rules = read_plural_rules()
    return one if rules.get(language, rules[SOURCE_LANGUAGE]).is_singular(count) else many
