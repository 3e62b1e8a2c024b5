"""What can be wrong with a photo, in sentences for the person who sent it."""

from typing import Final

from reddots.errors import PhotoError, RedDotsError

_SENTENCES: Final = {
    "missing": "The photo {name} is not there.",
    "not_a_file": "{name} is not a file that can hold a photo.",
    "empty": "The file {name} is empty.",
    "too_large": "The photo {name} is too large: at most 50 megapixels and 100 MB can be read.",
    "unsupported_format": (
        "The file {name} is not a kind of photo that can be read here. "
        "Use JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF."
    ),
    "unreadable": "The photo {name} is damaged or incomplete and cannot be read.",
}
# Causes that a person mends in the same way as another problem, so that they share its id.
_CAUSES: Final = {
    "broke": (
        "unreadable",
        "The photo {name} made the reader stop. It may be damaged on purpose, and is left out.",
    ),
    "took_too_long": (
        "too_large",
        "The photo {name} takes too long to read. Save it again as an ordinary JPEG.",
    ),
    "took_too_much": (
        "too_large",
        "The photo {name} needs too much memory to be read. Save it again as an ordinary JPEG.",
    ),
    "closed": (
        "unreadable",
        "The photo {name} cannot be opened. Check that you may read it and that its disk is there.",
    ),
    "no_reader": (
        "unreadable",
        "The photo {name} cannot be read just now. Close other programs and try again.",
    ),
}
# The numbers of these cross from one process to the other, never their sentences.
CAUSES: Final = (*_SENTENCES, *_CAUSES)
PROBLEMS: Final = tuple(_SENTENCES)


class DecodeError(RedDotsError):
    """A photo cannot be decoded; the loader turns it into the ``PhotoError`` of its ``cause``."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def photo_error(cause: str, name: str) -> PhotoError:
    """Return the error of ``cause``, one of ``CAUSES``, for the photo called ``name``."""
    problem, sentence = _CAUSES.get(cause) or (cause, _SENTENCES[cause])
    return PhotoError(problem, sentence.format(name=name))
