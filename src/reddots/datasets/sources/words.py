"""Keyword matching: which words of a set's table a text names, and whether it denies them."""

import re
from typing import Final

from reddots.datasets.sources.label_map import Meanings, plain

_DENIED: Final = re.compile(
    r"\b(no|not|without|absence|resol\w+|clear\w+|heal\w+|histopatholog\w*|biops\w+)\b"
)


def named_words(text: str, meanings: Meanings) -> list[str]:
    """Return the table's words in a text, the longest first, each once.

    A longer word hides the shorter ones in it: “palpable purpura” is not “purpura” as well.
    """
    left, found = plain(text), []
    for words in sorted(meanings.of, key=len, reverse=True):
        pattern = rf"\b{re.escape(words)}\b"
        if re.search(pattern, left):
            found.append(words)
            left = re.sub(pattern, " ", left)
    return found


def denies(text: str) -> bool:
    """Whether a text denies or doubts what it names, as “no petechiae” and “resolved” do."""
    return bool(_DENIED.search(plain(text)))
