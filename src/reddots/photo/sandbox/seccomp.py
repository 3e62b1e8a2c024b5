"""Linux's system call filter (seccomp): after it a process can compute, read, write and end.

It may start threads, for libheif's decoder does not work without, but no process.

Own code of few lines, because the bindings on PyPI have not been kept up since 2021 and need a
library of the system. It is for x86-64, where it is tested; elsewhere the limits stand alone.
"""

import ctypes
import platform
import signal
import struct
import sys
from collections.abc import Callable
from typing import Final

_NO_NEW_PRIVILEGES, _SIGNAL_OF_PARENTS_DEATH = 38, 1  # linux/prctl.h
_SECCOMP, _FILTER_MODE = 22, 2
_X86_64: Final = 0xC000003E  # linux/audit.h
_KILL, _ALLOW = 0x80000000, 0x7FFF0000  # linux/seccomp.h
_REFUSE, _NOT_KNOWN = 0x00050001, 0x00050026  # by EPERM, by ENOSYS
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16  # in struct seccomp_data
_CLONE, _CLONE3, _CLONE_THREAD = 56, 435, 0x10000
# asm/unistd_64.h: what an allocator, zlib and the decoders call once everything is loaded.
_ALLOWED: Final = {
    "read": 0,
    "write": 1,
    "close": 3,
    "fstat": 5,
    "lseek": 8,
    "mmap": 9,
    "mprotect": 10,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "setitimer": 38,
    "getpid": 39,
    "exit": 60,
    "gettimeofday": 96,
    "getrusage": 98,
    "sysinfo": 99,
    "sigaltstack": 131,
    "gettid": 186,
    "time": 201,
    "futex": 202,
    "sched_getaffinity": 204,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "exit_group": 231,
    "set_robust_list": 273,
    "getrandom": 318,
    "rseq": 334,
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def prepare_filter() -> Callable[[], bool]:
    """Return a function that confines this process for ever and says whether the kernel did.

    The filter is built beforehand, for the process that is to be confined has no time to lose.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return lambda: False
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    code = _instructions()
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


def _instructions() -> bytes:
    numbers = list(_ALLOWED.values())
    steps = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, _X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        *((_JUMP_IF_EQUAL, len(numbers) - i + 5, 0, number) for i, number in enumerate(numbers)),
        # Its flags lie in memory, out of the filter's sight: the C library then takes clone.
        (_JUMP_IF_EQUAL, 4, 0, _CLONE3),
        (_JUMP_IF_EQUAL, 0, 2, _CLONE),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_IF_SET, 2, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _NOT_KNOWN),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
