"""CSV dialect: the encoding and the delimiter of a text table, by its first bytes.

Text is UTF-8, with or without a byte-order mark. The delimiter is a comma, a semicolon (Excel where
the decimal sign is a comma) or a tab, whichever splits the heading into most columns. ``sep=;`` as
a first line is Excel's own way to say it.
"""

import codecs
import io
import re
from typing import BinaryIO, Final

DELIMITERS: Final = (",", ";", "\t")  # the first of those that split a heading equally often
PEEKED: Final = 4096  # bytes
_SEP: Final = re.compile(r"sep=(.)", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_SAVE: Final = "save it as “CSV UTF-8”"
# The longer marks first: UTF-32's begins as UTF-16's does.
_OTHER_ENCODINGS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_OTHER_FORMATS: Final = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file; give it the ending .parquet"),
    (b"\x1f\x8b", "compressed; unpack it first"),
)


def what_else(start: bytes) -> str:
    """Return what a file is, in words, when its first bytes are not those of UTF-8 text.

    Args:
        start: the file's first bytes.

    Returns:
        A part of a sentence that begins with “it”; empty if it may be text.
    """
    for mark, encoding in _OTHER_ENCODINGS:
        if start.startswith(mark):
            return f"it is in {encoding}, not in UTF-8: {_SAVE}"
    for magic, name in _OTHER_FORMATS:
        if start.startswith(magic):
            return f"it is no text table but {name}"
    if is_utf16(start):
        return f"it is in UTF-16, not in UTF-8: {_SAVE}"
    return "it is no text: it has NUL characters" if b"\0" in start else ""


def is_utf16(start: bytes) -> bool:
    """Return whether text is in UTF-16, by its mark, or by lines with a NUL in every other byte."""
    if b"\0" not in start:
        return False
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    nuls = max(start[0::2].count(0), start[1::2].count(0))
    return nuls > len(start) // 4 and (b"\n\0" in start or b"\0\n" in start)


def without_bom(start: bytes) -> bytes:
    """Return the bytes without UTF-8's byte-order mark, if they begin with it."""
    return start.removeprefix(codecs.BOM_UTF8)


def peek(file: BinaryIO) -> bytes:
    """Return a file's first bytes without consuming them."""
    return file.peek(PEEKED)[:PEEKED] if isinstance(file, io.BufferedReader) else b""


def separator_line(line: str) -> str:
    """Return the delimiter that a line such as ``sep=;`` names; empty for any other line."""
    found = _SEP.fullmatch(line.strip().strip('"'))
    return found[1] if found else ""


def sniff_delimiter(heading: str) -> str:
    """Return the delimiter that splits a heading into most columns; a comma if none splits it."""
    return max(DELIMITERS, key=_QUOTED.sub("", heading).count)
