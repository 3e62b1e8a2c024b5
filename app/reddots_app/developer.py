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
from pathlib import Path

from PIL import Image

from reddots.errors import CheckpointError, PhotoError
from reddots.photo.loader import load_photo
from reddots.pipeline import Examiner
from reddots_app.session import LookedAt

_THUMBNAIL_SIDE = 320
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
    if _examiner is None:
        raise RuntimeError("the worker was not opened")
    _limit_time()
    return LookedAt(_examiner.look_or_reject(data), _thumbnail(data))


def _limit_time() -> None:
    if not _LIMITS:
        return
    import resource  # noqa: PLC0415 - not on every system

    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + _SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def _thumbnail(data: bytes) -> str:
    try:
        photo = load_photo(data, short_side=_THUMBNAIL_SIDE)
    except PhotoError:
        return ""
    buffer = io.BytesIO()
    Image.fromarray(photo.pixels).save(buffer, "JPEG", quality=80)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _leave_with_parent() -> None:
    # A worker would wait for photos for ever if its server is killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
