"""Cell values: what a table's cell means as text, number, yes or no, and skin type.

A cell is text in CSV, and in JSON Lines and Parquet also a number, a boolean, a list or nothing;
these functions make the three agree. Spaces around a cell never count.
"""

import json
import math
import re
import unicodedata
from typing import Any, Final

MISSING: Final = frozenset({"", "na", "n/a", "nan", "none", "null", "<na>"})
YES: Final = frozenset({"true", "1", "yes", "1.0"})
NO: Final = frozenset({"false", "0", "no", "0.0"})
_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
_SKIN_TYPE: Final = re.compile(
    r"(?:(?:FITZPATRICK|FST|SKIN|TYPE)[ _-]*)*([1-6](?:\.0+)?|I{1,3}|IV|VI?)"
)
# What a spreadsheet takes for a formula when a cell begins with it (OWASP, “CSV Injection”), after
# any number of apostrophes: those are what we put before it.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SEQUENCES: Final = re.compile(rf"\r|\x1b\[[0-9;?]*[A-Za-z]|{_CONTROL.pattern}")
_SHOWN: Final = 60  # characters of a cell in a message


def text(value: Any) -> str:
    """Return a cell as text, the same from CSV, JSON Lines and Parquet.

    Nothing and not-a-number are empty, booleans ``true`` and ``false``, lists joined by ``;``.

    Example:
        >>> text(3.0), text(None), text(["a", "b"]), text(" x ")
        ('3.0', '', 'a;b', 'x')
    """
    if isinstance(value, str):
        return value.strip()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def is_missing(value: str) -> bool:
    """Return whether a cell of numbers says that there is none: empty, ``NA``, ``nan``, ``null``.

    Not for cells that name something: a photo or a person may be called ``nan``.
    """
    return value.strip().lower() in MISSING


def flag(value: str) -> bool | None:
    """Return a cell as yes or no, None where it is missing.

    Raises:
        ValueError: it is neither.
    """
    word = value.strip().lower()
    if word in MISSING:
        return None
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"“{shown(value)}” is neither true nor false")


def skin_type(value: str) -> int | None:
    """Return a Fitzpatrick skin type, 1 to 6; None where it is missing.

    Read are ``3``, ``3.0``, ``III``, ``Ⅲ``, ``type III``, ``FST3`` and ``Fitzpatrick skin type 3``.

    Raises:
        ValueError: it is none of these.

    Example:
        >>> skin_type("3.0"), skin_type("IV"), skin_type("FST 5"), skin_type("")
        (3, 4, 5, None)
    """
    if is_missing(value) or value.strip().lower() in {"unknown", "unk"}:
        return None
    word = " ".join(unicodedata.normalize("NFKC", value).upper().split())
    found = _SKIN_TYPE.fullmatch(word)
    if found is None:
        raise ValueError(f"Fitzpatrick types are 1 to 6 or I to VI, not “{shown(value)}”")
    return _ROMAN.get(found[1]) or int(found[1][0])


def shown(value: str) -> str:
    """Return a cell for a message: short, and without characters that move a cursor."""
    plain = escape_controls(value, keep_lines=False)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def escape_controls(
    text: str,
    *,
    keep_lines: bool = True,
    keep_sequences: bool = False,
    json_escapes: bool = False,
) -> str:
    r"""Return text in which what controls a terminal, or turns text round, is an escape.

    Args:
        text: anything, such as a message with a file's name in it.
        keep_lines: leave line ends and tabs.
        keep_sequences: leave the sequences of a progress bar: colours and moves of the cursor.
        json_escapes: ``\u001b`` instead of ``\x1b``; for text that is JSON, which means the same.

    Example:
        >>> escape_controls("a\x1b[2Jb")
        'a\\x1b[2Jb'
    """

    def escape(found: re.Match[str]) -> str:
        kept = "\n\t" * keep_lines + "\r" * keep_sequences
        if len(found[0]) > 1 or found[0] in kept:
            return found[0]
        return f"\\u{ord(found[0]):04x}" if json_escapes else ascii(found[0])[1:-1]

    return (_SEQUENCES if keep_sequences else _CONTROL).sub(escape, text)


def escape_formula(value: str) -> str:
    """Return text that no spreadsheet takes for a formula: with an apostrophe before ``= + - @``.

    ``unescape_formula`` undoes it exactly, whatever the text.

    Example:
        >>> escape_formula("=1+1"), unescape_formula("'=1+1"), escape_formula("'=x")
        ("'=1+1", '=1+1', "''=x")
    """
    return "'" + value if _FORMULA.match(value) else value


def unescape_formula(value: str) -> str:
    """Return the text that ``escape_formula`` was given."""
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value
