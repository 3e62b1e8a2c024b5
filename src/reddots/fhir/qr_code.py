"""QR code (ISO/IEC 18004) of a FHIR document, so that a clinic takes it up without a net.

The document is packed as in the EU's digital certificates: JSON, compressed (zlib, RFC 1950), as
text of 45 characters (Base45, RFC 9285), which QR codes hold densely. What is there for people
only, such as each question's text, is left out: codes and the Questionnaire say the same.
To read one: ``json.loads(zlib.decompress(base45.b45decode(text)))``.
"""

import json
import zlib
from typing import Any, Final

from reddots.fhir.version import Resource

_MOST_CHARACTERS: Final = 4_296  # that the largest code holds, at the lowest error correction
_MASK: Final = 0  # any is legal; choosing the best of eight takes most of the time


def pack(document: Resource) -> str:
    """Return a document as the text of its code.

    Example:
        >>> import base45, zlib
        >>> packed = pack({"resourceType": "Bundle", "type": "collection"})
        >>> zlib.decompress(base45.b45decode(packed))[:24]
        b'{"resourceType":"Bundle"'
    """
    import base45

    data = json.dumps(_short(document), separators=(",", ":"), ensure_ascii=False).encode()
    text: str = base45.b45encode(zlib.compress(data, 9)).decode("ascii")
    return text


def qr_svg(document: Resource) -> str:
    """Return the code of a document as an SVG element; empty where no code can hold it.

    Example:
        >>> qr_svg({"resourceType": "Bundle", "type": "collection"})[:4]
        '<svg'
    """
    import segno

    text = pack(document)
    if len(text) > _MOST_CHARACTERS:
        return ""
    code = segno.make_qr(text, error="l", boost_error=False, mask=_MASK)
    return code.svg_inline(omitsize=True, border=4, light="#ffffff", dark="#000000")


def _short(value: Any) -> Any:
    """Drop the optional texts for people, of which the codes beside them say the same."""
    if isinstance(value, list):
        return [_short(item) for item in value]
    if not isinstance(value, dict):
        return value
    dropped = {"rationale", "note", "patientInstruction"}
    if "code" in value:
        dropped.add("display")
    if "linkId" in value:
        dropped.add("text")
    return {key: _short(item) for key, item in value.items() if key not in dropped}
