"""Photo problems: what can be wrong with a photo, in sentences for the person who sent it."""

from typing import Final

from reddots.errors import PhotoError, RedDotsError

_SENTENCES: Final = {
    "missing": "The photo {name} is not there.",
    "not_a_file": "{name} is not a file that can hold a photo.",
    "empty": "The file {name} is empty.",
    "too_large": "The photo {name} is too large: at most 80 megapixels and 100 MB can be read.",
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
    "camera_raw": (
        "unsupported_format",
        (
            "The file {name} holds a camera's raw data (as DNG and NEF do), which are not "
            "developed here. Save it again as an ordinary JPEG."
        ),
    ),
    "tiff_float": (
        "unsupported_format",
        (
            "The TIFF {name} holds floating-point numbers, which cannot be read here. "
            "Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "tiff_wide": (
        "unsupported_format",
        (
            "The TIFF {name} holds numbers of more than 16 bits, which cannot be read here. "
            "Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "narrow": (
        "unsupported_format",
        (
            "The photo {name} has numbers of 16 bits that use only 12 of them or fewer, and would "
            "come out black. Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "tiff_colour": (
        "unsupported_format",
        (
            "The TIFF {name} stores its colours in a way that cannot be read here (such as YCbCr, "
            "Lab or signed numbers). Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "jpeg_kind": (
        "unsupported_format",
        (
            "The JPEG {name} is of a rare kind (arithmetic coding, lossless or 12 bits) that "
            "cannot be read here. Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "colour_kind": (
        "unsupported_format",
        (
            "The photo {name} states colours of a kind that cannot be converted here. "
            "Save it again as an ordinary JPEG or PNG."
        ),
    ),
    "line_ends": (
        "unreadable",
        (
            "The photo {name} was damaged on its way: a program took it for text and changed its "
            "line ends. Send the original again."
        ),
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
# What a person is told of a cause in guidance.toml, where it is more than its problem's own text.
_TOLD: Final = {
    "took_too_long": "took_too_long",
    "took_too_much": "took_too_long",
    "camera_raw": "camera_raw",
    "tiff_float": "rare_kind",
    "tiff_wide": "rare_kind",
    "narrow": "rare_kind",
    "tiff_colour": "rare_kind",
    "jpeg_kind": "rare_kind",
    "colour_kind": "rare_kind",
    "line_ends": "line_ends",
    "closed": "closed",
    "no_reader": "no_reader",
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
    return PhotoError(problem, sentence.format(name=name), _TOLD.get(cause, ""))
