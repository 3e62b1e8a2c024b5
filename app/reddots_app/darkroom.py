"""Where uploaded photos are looked at: read once, deleted at once, kept only as smaller copies."""

import base64
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from reddots.errors import CheckpointError, PhotoError
from reddots.photo.finding import PhotoFinding
from reddots.photo.loader import Photo, expect_photos, load_photo
from reddots.photo.quality import assess_quality
from reddots.pipeline import Examiner
from reddots.triage.assessment import ModelIdentity
from reddots_app.attention import attention, overlay
from reddots_app.session import LookedAt

MOST_PHOTOS = 5
MOST_MEGABYTES = 25  # of one photo
AT_ONCE = 2  # photos looked at at the same time
_THUMBNAIL_SIDE = 320  # the longer side, pixels
_MAP_SIDE = 400  # the shorter side, pixels
_COPY_SIDE = 800  # the shorter side, pixels: a half of it is still more than the network takes


class Darkroom:
    """Looks at uploaded photos with one checkpoint; the loader decodes each in a confined process.

    It is :meth:`Examiner.look` with copies to show: the finding is the same.
    """

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

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

    def look_closer(self, seen: LookedAt, part: int | None) -> LookedAt:
        """Look at one part of a photo that was looked at before, or at the whole again.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        try:
            photo = load_photo(seen.copy)
        except PhotoError as error:
            return _rejected(error.problem)
        shown = photo if part is None else _part(photo, part)
        return replace(self._looked_at(shown, seen.copy), part=part)

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
            photo = load_photo(seen.copy, short_side=_MAP_SIDE if seen.part is None else None)
        except PhotoError:
            return None
        pixels = photo.pixels if seen.part is None else _part(photo, seen.part).pixels
        top = max(seen.finding.categories, key=lambda output: seen.finding.categories[output])
        mattered = attention(classifier, pixels, top)
        if mattered is None:
            return None
        return top, base64.b64encode(overlay(pixels, mattered)).decode("ascii")

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
        return self._looked_at(photo, _jpeg(larger, 2 * _COPY_SIDE))

    def _looked_at(self, photo: Photo, copy: bytes) -> LookedAt:
        finding = self._examiner.classifier.look(photo).with_problems(assess_quality(photo))
        thumbnail = base64.b64encode(_jpeg(photo, _THUMBNAIL_SIDE)).decode("ascii")
        return LookedAt(finding, thumbnail, copy)


def _part(photo: Photo, part: int) -> Photo:
    """Return one of nine overlapping parts, half as wide and high, by row from the top left."""
    height, width = photo.pixels.shape[:2]
    top, left = height * (part // 3) // 4, width * (part % 3) // 4
    cut = np.ascontiguousarray(photo.pixels[top : top + height // 2, left : left + width // 2])
    return replace(photo, pixels=cut, width=cut.shape[1], height=cut.shape[0])


def _jpeg(photo: Photo, longest: int) -> bytes:
    image = Image.fromarray(photo.pixels)
    image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _rejected(problem: str) -> LookedAt:
    return LookedAt(PhotoFinding(status="rejected", problems=(problem,)))
