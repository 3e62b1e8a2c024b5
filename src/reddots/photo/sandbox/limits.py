"""Resource limits: what a process that decodes untrusted bytes may use, and nothing else."""

import math
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from reddots.photo.sandbox.protocol import MAX_PIXELS
from reddots.photo.sandbox.seccomp import prepare_filter

_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Resource limits of one photo.

    Attributes:
        memory: megabytes of address space beyond what the process needs to start.
        cpu: seconds of computing, whole ones, that any photo may take.
        cpu_per_megapixel: seconds more for each megapixel that the photo says it has: a computer
            half as fast as the one where this was measured still reads the slowest honest kinds.
        wall: seconds until the photo is given up, whatever the process does: a backstop for one
            that sleeps. On a busy computer even an honest photo waits for its ``cpu``.
        photos: how many photos one process decodes before it ends. With 1 no photo can do anything
            to another; with more, photos that come one after the other could, so they must be the
            same person's. To start a process costs about as much as to decode 2 megapixels.
    """

    memory: int = 700
    cpu: int = 3
    cpu_per_megapixel: float = 0.2
    wall: float = 60.0
    photos: int = 1

    def seconds(self, pixels: int) -> float:
        """Return the seconds of computing for a photo of that many pixels."""
        return self.cpu + self.cpu_per_megapixel * min(pixels, MAX_PIXELS) / 1e6


def prepare_confinement(limits: Limits) -> Callable[[], bool]:
    """Return a function that confines this process; it is called before the first untrusted byte.

    It returns whether the system call filter holds.

    No file can be opened and nothing connected to or written (descriptors that are open stay so),
    no core dumped; memory and time end. Where Linux's system call filter is available, no process
    can be started and everything but computing, reading and writing is refused as well. On a system
    without such limits (Windows) the process's own death is the only one.
    """
    try:
        import resource
    except ImportError:
        return lambda: False
    most = _address_space() + limits.memory * _MEGABYTE
    seconds = math.ceil(limits.seconds(MAX_PIXELS)) * limits.photos
    bounds = [
        (resource.RLIMIT_AS, most, most),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, seconds, seconds + 1),  # a signal that tells why, then death
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 0, 0),
    ]
    confine_calls = prepare_filter()

    def confine() -> bool:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        for limit, soft, hard in bounds:
            with suppress(OSError, ValueError):  # a system that does not know it does without
                resource.setrlimit(limit, (soft, hard))
        return confine_calls()

    return confine


def start_clock(limits: Limits, pixels: int) -> None:
    """Give this process the seconds of computing that a photo may have, where it can be.

    Args:
        limits: of the process.
        pixels: of the photo as far as they are known, width × height.
    """
    if hasattr(signal, "setitimer"):
        seconds = limits.seconds(pixels)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # nobody handles its signal: death


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not tell, and then a wider guess."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - spares pathlib
            pages = int(file.read().split()[0])
    except OSError:
        return 4_000 * _MEGABYTE  # macOS maps its shared libraries into every process
    import resource

    return pages * resource.getpagesize()
