"""What a worker process does with one photo: decode it, look at it, and make the small copy.

Decoders of untrusted bytes are where a photo made on purpose could do harm, so they run here, with
limits on time and memory, and not in the process that serves everybody.
"""

import base64
import importlib.util
import io
import math
import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from reddots.errors import CheckpointError, PhotoError
from reddots.photo.finding import PhotoFinding
from reddots.photo.loader import Photo, load_photo
from reddots.photo.quality import assess_quality
from reddots.pipeline import Examiner
from reddots_app.session import LookedAt

if TYPE_CHECKING:
    from reddots.classifier.inference import Classifier

_THUMBNAIL_SIDE = 320  # the longer side, pixels
_COPY_SIDE = 800  # the shorter side, pixels: a half of it is still more than the network takes
_SECONDS = 20  # of computing for one photo; the slowest photo that is allowed takes about one
_MEMORY = 4 * 1024**3  # bytes of address space; a photo of 50 megapixels takes well under one GiB
_LIMITS = importlib.util.find_spec("resource") is not None  # there are none on Windows

_examiner: Examiner | None = None


def open_worker(checkpoint: Path | None) -> None:
    """Prepare this process: limits, signals, and the checkpoint."""
    global _examiner  # noqa: PLW0603 - a worker's one network
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _examiner = Examiner(checkpoint)
    with suppress(CheckpointError):  # it is said again, and to a person, at the first photo
        _examiner.classifier  # noqa: B018 - opens on first access
    if _LIMITS:
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def ready() -> bool:
    """Answer once the worker is open."""
    return _examiner is not None


def develop(data: bytes) -> LookedAt:
    """Look at one photo's bytes.

    Raises:
        CheckpointError: there is no sound checkpoint.
    """
    classifier = _classifier()
    # Decoded twice: the network gets the pixels that every other way of looking gives it.
    try:
        photo = load_photo(data, short_side=classifier.side_car.input.resize)
        large = load_photo(data, short_side=_COPY_SIDE)
    except PhotoError as error:
        return LookedAt(PhotoFinding(status="rejected", problems=(error.problem,)))
    return _looked_at(classifier, photo, copy=_jpeg(large, 2 * _COPY_SIDE))


def look_closer(copy: bytes, part: int | None) -> LookedAt:
    """Look at a part of a photo's copy, or at the whole of it again.

    Raises:
        CheckpointError: there is no sound checkpoint.
    """
    classifier = _classifier()
    try:
        photo = load_photo(copy)
    except PhotoError as error:
        return LookedAt(PhotoFinding(status="rejected", problems=(error.problem,)))
    if part is not None:
        height, width = photo.pixels.shape[:2]
        top, left = height * (part // 3) // 4, width * (part % 3) // 4
        cut = photo.pixels[top : top + height // 2, left : left + width // 2]
        photo = replace(
            photo, pixels=np.ascontiguousarray(cut), width=cut.shape[1], height=cut.shape[0]
        )
    return replace(_looked_at(classifier, photo, copy=copy), part=part)


def _classifier() -> "Classifier":
    if _examiner is None:
        raise RuntimeError("the worker was not opened")
    _limit_time()
    return _examiner.classifier


def _looked_at(classifier: "Classifier", photo: Photo, *, copy: bytes) -> LookedAt:
    finding = classifier.look(photo).with_problems(assess_quality(photo))
    thumbnail = base64.b64encode(_jpeg(photo, _THUMBNAIL_SIDE)).decode("ascii")
    return LookedAt(finding, thumbnail, copy)


def _limit_time() -> None:
    if not _LIMITS:
        return
    import resource  # noqa: PLC0415 - not on every system

    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + _SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def _jpeg(photo: Photo, longest: int) -> bytes:
    image = Image.fromarray(photo.pixels)
    image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _leave_with_parent() -> None:
    # A worker would wait for photos for ever if its server is killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
