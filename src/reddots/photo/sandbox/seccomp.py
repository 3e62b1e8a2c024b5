"""Seccomp: Linux's system call filter, after which a process can compute, read, write and end.

It may start threads, for libheif's decoder does not work without, but no process.

Own code of few lines with a table for each processor, because the one binding on PyPI (pyseccomp)
has not been kept up since 2021 and needs a library of the system. Numbers: Linux's
``asm/unistd_64.h`` (x86-64) and ``asm-generic/unistd.h`` (64-bit ARM).
"""

import ctypes
import platform
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_NO_NEW_PRIVILEGES, _SIGNAL_OF_PARENTS_DEATH = 38, 1  # linux/prctl.h
_SECCOMP, _FILTER_MODE = 22, 2
_KILL, _ALLOW = 0x80000000, 0x7FFF0000  # linux/seccomp.h
_REFUSE, _NOT_KNOWN = 0x00050001, 0x00050026  # by EPERM, by ENOSYS
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16  # in struct seccomp_data
_CLONE_THREAD: Final = 0x10000
_CLONE3: Final = 435  # on every processor
_POINTER_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Architecture:
    """A kind of processor.

    Attributes:
        audit: its number in ``linux/audit.h``.
        clone: the number of the call that starts a thread or a process.
        allowed: numbers of what an allocator, zlib and the decoders call once all is loaded.
    """

    audit: int
    clone: int
    allowed: tuple[int, ...]


# Call: its number on x86-64 and on 64-bit ARM, None where there is none.
_CALLS: Final[dict[str, tuple[int, int | None]]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "rseq": (334, 293),
}
ARCHITECTURES: Final = {
    "x86_64": Architecture(0xC000003E, 56, tuple(x86 for x86, _ in _CALLS.values())),
    "aarch64": Architecture(
        0xC00000B7, 220, tuple(arm for _, arm in _CALLS.values() if arm is not None)
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def prepare_filter() -> Callable[[], bool]:
    """Return a function that confines this process for ever and says whether the kernel did.

    The filter is built beforehand, for the process that is to be confined has no time to lose.
    """
    architecture = ARCHITECTURES.get(platform.machine())
    is_wide = struct.calcsize("P") * 8 == _POINTER_BITS  # else the calls are those of 32 bits
    if sys.platform != "linux" or architecture is None or not is_wide:
        return lambda: False
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    code = instructions(architecture)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_char_p))

    def confine() -> bool:
        _ = buffer  # the program points into it
        confined: bool = (
            prctl(_SIGNAL_OF_PARENTS_DEATH, signal.SIGKILL, 0, 0, 0) == 0
            and prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
            and prctl(_SECCOMP, _FILTER_MODE, ctypes.addressof(program), 0, 0) == 0
        )
        return confined

    return confine


def instructions(architecture: Architecture) -> bytes:
    """Return the filter's program for one processor (classic BPF, 8 bytes an instruction)."""
    numbers = architecture.allowed
    steps = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, architecture.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        *((_JUMP_IF_EQUAL, len(numbers) - i + 5, 0, number) for i, number in enumerate(numbers)),
        # Its flags lie in memory, out of the filter's sight: the C library then takes clone.
        (_JUMP_IF_EQUAL, 4, 0, _CLONE3),
        (_JUMP_IF_EQUAL, 0, 2, architecture.clone),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_IF_SET, 2, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _NOT_KNOWN),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
