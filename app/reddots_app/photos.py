"""Photo analysis for the page: read once, deleted at once; nothing of a photo stays here.

The photo itself stays in the browser, which makes it smaller and crops it before it is sent.
"""

import base64
import io
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.assessor import Assessor
from reddots.errors import CheckpointError, PhotoError
from reddots.photo.loader import expect_photos, load_photo
from reddots.photo.result import PhotoResult
from reddots.triage.assessment import ModelIdentity

MOST_MEGABYTES: Final = 25  # of one photo
AT_ONCE: Final = 2  # photos analysed at the same time
# The shorter side, pixels, below which the browser makes no photo smaller: a fifth of it, cropped,
# is still about what the network takes.
SHORT_SIDE: Final = 1500
_JPEG_QUALITY: Final = 88


class PhotoAnalyzer:
    """Analyses uploaded photos with one checkpoint; a confined process decodes each.

    The result is that of :meth:`reddots.assessor.Assessor.analyze_or_reject` on the same bytes.
    """

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor

    def warm_up(self) -> None:
        """Open what takes time, so that the first person does not wait for it."""
        expect_photos()
        with suppress(CheckpointError):  # it is reported again, and to a person, at the first photo
            _ = self._assessor.classifier

    @property
    def model(self) -> ModelIdentity | None:
        """Which checkpoint analyses the photos; None when there is no sound one."""
        try:
            return self._assessor.model
        except CheckpointError:
            return None

    def analyze(self, path: Path, *, with_copy: bool = False) -> tuple[PhotoResult, str]:
        """Analyse one photo and delete its file, whatever happens.

        Returns:
            The result, and a JPEG of the photo in base64 where ``with_copy`` asks for it: for a
            browser that cannot show the photo itself, such as one without HEIC. It is made of the
            pixels alone, so it has no metadata; empty when the photo cannot be opened.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # another person sent the very same file at the same time
            return PhotoResult(status="rejected", problems=("missing",)), ""
        finally:
            path.unlink(missing_ok=True)
        result = self._assessor.analyze_or_reject(data)
        return result, _copy(data) if with_copy else ""


def _copy(data: bytes) -> str:
    try:
        return base64.b64encode(_jpeg(load_photo(data, short_side=SHORT_SIDE).pixels)).decode()
    except PhotoError:
        return ""


def _jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    image = Image.fromarray(pixels)
    image.thumbnail((2 * SHORT_SIDE, 2 * SHORT_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()
