"""Damages good files in every way and looks at what leaves their reader.

A run is short by default. ``REDDOTS_FUZZ_SECONDS=600 pytest tests/fuzz -s`` goes on for ten minutes
a target and says how many files it tried; what it finds is shrunk, printed with the way to replay
it, and belongs into the list of findings of its test.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count

from hypothesis import given, seed, settings
from hypothesis import strategies as st

EXAMPLES = 200  # of the short run
SECONDS = float(os.environ.get("REDDOTS_FUZZ_SECONDS", "0"))
_ODD = [b"", b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\n", b"\r"]
_ODD += [b",", b'"', b";", b"=", b"[", b"]", b"{", b"}", b"#", b"'", b"-", b"nan", b"inf", b"1e999"]
_ODD += [b"\xef\xbb\xbf", "\u202e\u00e9".encode(), b"\xed\xa0\x80", b"9" * 400, b"A" * 5000]
_ODD += [
    b"true",
    b"null",
    b"[[",
    b'"""',
    b"yes",
    b"not_sure",
    b"%s",
    b"../../etc/passwd",
    b"[" * 900,
]


@st.composite
def damaged(draw: st.DrawFn, whole: Sequence[bytes]) -> bytes:
    """One of the files, cut, flipped, repeated, spliced with another, or with odd bytes put in."""
    data = bytearray(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(1, 5))):
        place = _place(draw, data)
        stretch = draw(st.sampled_from([1, 2, 4, 8, 30, 200, 3000]))
        match draw(st.integers(0, 6)):
            case 0:
                data[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                data[place : place + draw(st.sampled_from([0, 1, 4]))] = draw(st.sampled_from(_ODD))
            case 2:
                del data[place : place + stretch]
            case 3:
                data[place:place] = data[place : place + stretch] * draw(
                    st.sampled_from([1, 2, 50])
                )
            case 4:
                del data[place:]
            case 5:
                other = draw(st.sampled_from(whole))
                start = _place(draw, other)
                data[place : place + stretch] = other[start : start + stretch]
            case _:
                data[place : place + 4] = draw(st.binary(min_size=1, max_size=8))
    return bytes(data)


def _place(draw: st.DrawFn, data: Sequence[int]) -> int:
    """Anywhere, but half of the time in the first bytes, where headers are."""
    most = min(len(data), 100) if draw(st.booleans()) else len(data)
    return draw(st.integers(0, most))


def fuzz(files: st.SearchStrategy[bytes], target: Callable[[bytes], None]) -> None:
    """Give files to ``target``, which must not fail, for as long as the run is to be."""
    tried = 0

    def counted(data: bytes) -> None:
        nonlocal tried
        tried += 1
        target(data)

    began = time.monotonic()
    for number in count(1):
        run = given(files)(counted)
        seed(number)(settings(max_examples=EXAMPLES)(run))()
        if time.monotonic() - began >= SECONDS:
            break
    if SECONDS:
        sys.stderr.write(f"{target.__name__}: {tried} files in {time.monotonic() - began:.0f} s\n")
