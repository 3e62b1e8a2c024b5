"""Where uploaded photos are looked at: read once, deleted at once, kept only as smaller copies."""

import base64
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.assessor import Assessor
from reddots.classifier.saliency import overlay, saliency_map
from reddots.errors import CheckpointError, PhotoError
from reddots.photo.loader import Photo, expect_photos, load_photo
from reddots.photo.quality import assess_quality
from reddots.photo.result import PhotoResult
from reddots.triage.assessment import ModelIdentity
from reddots_app.crop import WHOLE, Cut
from reddots_app.session import LookedAt

MOST_PHOTOS = 5
MOST_MEGABYTES = 25  # of one photo
AT_ONCE = 2  # photos looked at at the same time
_THUMBNAIL_SIDE = 320  # the longer side, pixels
_MAP_SIDE = 400  # the shorter side, pixels
_PREVIEW_SIDE = 1000  # the longer side, pixels, of the picture in which a part is cut out
# The shorter side, pixels: a fifth of it is still about what the network takes, and a JPEG of
# twelve megapixels is decoded at half its size.
_COPY_SIDE = 1500
_LONGEST = 2  # times the copy's shorter side, at most
_MOST_COPY_BYTES = 800_000  # a larger one is made smaller: five are kept for each person


class Darkroom:
    """Looks at uploaded photos with one checkpoint; the loader decodes each in a confined process.

    It is :meth:`Assessor.look` with copies to show: the finding is the same.
    """

    def __init__(self, assessor: Assessor) -> None:
        self._examiner = assessor

    def warm_up(self) -> None:
        """Open what takes time, so that the first person does not wait for it."""
        expect_photos()
        with suppress(CheckpointError):  # it is said again, and to a person, at the first photo
            self._examiner.classifier  # noqa: B018 - opens on first access

    @property
    def model(self) -> ModelIdentity | None:
        """Which checkpoint looks at the photos; None when there is no sound one."""
        try:
            return self._examiner.model
        except CheckpointError:
            return None

    def look(self, paths: Iterable[Path], *, most: int = MOST_PHOTOS) -> tuple[LookedAt, ...]:
        """Look at up to ``most`` photos; every file is deleted, whatever happens.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        files = list(dict.fromkeys(paths))  # the same photo chosen twice is one file
        try:
            return tuple(self._look(path) for path in files[: max(most, 0)])
        finally:
            for path in files:
                path.unlink(missing_ok=True)

    def look_closer(self, seen: LookedAt, cut: Cut) -> LookedAt:
        """Look at a part of a photo that was looked at before; the whole is a part too.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        try:
            photo = load_photo(seen.copy)
        except PhotoError as error:
            return _rejected(error.problem)
        part = _brought_down(_cut_out(photo, cut), self._examiner.classifier.side_car.input.resize)
        return replace(self._looked_at(part, seen.copy), cut=cut)

    def preview(self, seen: LookedAt) -> str:
        """Return the whole photo to cut a part out of: a JPEG in base64; empty without a copy."""
        try:
            return _base64(_jpeg(load_photo(seen.copy).pixels, _PREVIEW_SIDE))
        except PhotoError:
            return ""

    def what_mattered(self, seen: LookedAt) -> tuple[str, str] | None:
        """Return the output that a photo spoke for most, and a JPEG in base64 of what mattered.

        None when no part stood out, or when the photo could not be used.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        if not seen.finding.categories or not seen.copy:
            return None
        classifier = self._examiner.classifier
        try:
            photo = load_photo(seen.copy)
        except PhotoError:
            return None
        pixels = _brought_down(_cut_out(photo, seen.cut), _MAP_SIDE).pixels
        top = max(seen.finding.categories, key=lambda output: seen.finding.categories[output])
        mattered = saliency_map(classifier, pixels, top)
        if mattered is None:
            return None
        return top, _base64(overlay(pixels, mattered))

    def _look(self, path: Path) -> LookedAt:
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # another person chose the very same file at the same time
            return _rejected("missing")
        finally:
            path.unlink(missing_ok=True)
        # Decoded twice: the network gets the pixels that every other way of looking gives it.
        try:
            photo = load_photo(data, short_side=self._examiner.classifier.side_car.input.resize)
            larger = load_photo(data, short_side=_COPY_SIDE)
        except PhotoError as error:
            return _rejected(error.problem)
        return self._looked_at(photo, _copy(larger.pixels))

    def _looked_at(self, photo: Photo, copy: bytes) -> LookedAt:
        finding = self._examiner.classifier.predict(photo).with_problems(assess_quality(photo))
        return LookedAt(finding, _base64(_jpeg(photo.pixels, _THUMBNAIL_SIDE)), copy)


def _cut_out(photo: Photo, cut: Cut) -> Photo:
    pixels = photo.pixels if cut == WHOLE else cut.of(photo.pixels)
    return replace(photo, pixels=pixels, width=pixels.shape[1], height=pixels.shape[0])


def _brought_down(photo: Photo, short_side: int) -> Photo:
    """Return the photo at the size at which a whole one is looked at, as the loader makes it."""
    height, width = photo.pixels.shape[:2]
    scale = short_side / min(height, width)
    if scale >= 1:
        return photo
    size = (round(width * scale), round(height * scale))
    image = Image.fromarray(photo.pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    return replace(photo, pixels=np.ascontiguousarray(image))


def _copy(pixels: npt.NDArray[np.uint8]) -> bytes:
    longest = _LONGEST * _COPY_SIDE
    while len(data := _jpeg(pixels, longest)) > _MOST_COPY_BYTES:
        longest = longest * 3 // 4
    return data


def _jpeg(pixels: npt.NDArray[np.uint8], longest: int) -> bytes:
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _rejected(problem: str) -> LookedAt:
    return LookedAt(PhotoResult(status="rejected", problems=(problem,)))
