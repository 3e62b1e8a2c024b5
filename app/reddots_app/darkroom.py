"""Where uploaded photos are looked at: read once, deleted at once, kept only as a small copy."""

import base64
import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from reddots.errors import CheckpointError, PhotoError
from reddots.photo.finding import PhotoFinding
from reddots.photo.loader import load_photo
from reddots.pipeline import Examiner
from reddots.triage.assessment import ModelIdentity
from reddots_app.session import LookedAt

MOST_PHOTOS = 5
MOST_MEGABYTES = 25  # of one photo
_THUMBNAIL_SIDE = 320


class Darkroom:
    """Looks at uploaded photos with one checkpoint."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

    def warm_up(self) -> None:
        """Open the checkpoint, so that the first person does not wait for it."""
        try:
            self._examiner.classifier  # noqa: B018 - opens on first access
        except CheckpointError:
            return

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

    def _look(self, path: Path) -> LookedAt:
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # another person chose the very same file at the same time
            return LookedAt(PhotoFinding(status="rejected", problems=("missing",)))
        finally:
            path.unlink(missing_ok=True)
        finding = self._examiner.look_or_reject(data)
        return LookedAt(finding, _thumbnail(data))


def _thumbnail(data: bytes) -> str:
    try:
        photo = load_photo(data, short_side=_THUMBNAIL_SIDE)
    except PhotoError:
        return ""
    buffer = io.BytesIO()
    Image.fromarray(photo.pixels).save(buffer, "JPEG", quality=80)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
