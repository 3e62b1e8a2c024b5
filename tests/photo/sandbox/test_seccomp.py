"""The filter's program, run here step by step for each processor, allows what it lists alone."""

import struct

import pytest

from reddots.photo.sandbox.seccomp import ARCHITECTURES, instructions

KILLED, REFUSED, NOT_KNOWN, ALLOWED = 0x80000000, 0x00050001, 0x00050026, 0x7FFF0000
THREAD = 0x10000
# Calls that a photo must never make: number on x86-64 and on 64-bit ARM
FORBIDDEN = {
    "openat": (257, 56),
    "socket": (41, 198),
    "connect": (42, 203),
    "execve": (59, 221),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "ptrace": (101, 117),
    "unlinkat": (263, 35),
    "prctl": (157, 167),
    "seccomp": (317, 277),
    "prlimit64": (302, 261),
    "pidfd_open": (434, 434),
    "io_uring_setup": (425, 425),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "ioctl": (16, 29),
    "sendmsg": (46, 211),
    "pipe2": (293, 59),
    "dup": (32, 23),
    "mount": (165, 40),
}
NEEDED = {
    "read": (0, 63),
    "write": (1, 64),
    "mmap": (9, 222),
    "brk": (12, 214),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "rt_sigreturn": (15, 139),
}


def outcome(program: bytes, audit: int, number: int, first: int = 0) -> int:
    """What the kernel would do with a call."""
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, audit, 0, first, 0, 0, 0, 0, 0)
    steps = list(struct.iter_unpack("<HBBI", program))
    place = held = 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x20:  # load a word
            (held,) = struct.unpack_from("<I", data, value)
        elif code == 0x15:  # equal
            place += if_true if held == value else if_false
        elif code == 0x45:  # a bit is set
            place += if_true if held & value else if_false
        elif code == 0x06:  # return
            return value
        else:
            raise AssertionError(f"no such instruction: {code:#x}")


@pytest.fixture(params=list(ARCHITECTURES))
def processor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_nothing_but_the_list_is_allowed(processor: str) -> None:
    own = ARCHITECTURES[processor]
    program = instructions(own)
    assert len(program) % 8 == 0
    assert len(own.allowed) == len(set(own.allowed))
    for number in [*range(600), 2**31, 2**32 - 1, *(n | 0x40000000 for n in range(600))]:
        expected = {True: ALLOWED, False: REFUSED}[number in own.allowed]
        expected = NOT_KNOWN if number == 435 else expected
        assert outcome(program, own.audit, number) == expected, number


def test_a_thread_may_start_and_a_process_not(processor: str) -> None:
    own = ARCHITECTURES[processor]
    program = instructions(own)
    assert outcome(program, own.audit, own.clone, THREAD | 0xF00) == ALLOWED
    assert outcome(program, own.audit, own.clone, 17) == REFUSED
    assert outcome(program, own.audit, 435) == NOT_KNOWN, "the C library then takes clone"


def test_the_calls_of_another_processor_kill(processor: str) -> None:
    own = ARCHITECTURES[processor]
    for audit in (0x40000003, 0x40000028, *(a.audit for a in ARCHITECTURES.values())):
        if audit != own.audit:
            assert outcome(instructions(own), audit, own.allowed[0]) == KILLED


@pytest.mark.parametrize("name", list(FORBIDDEN))
def test_what_harms_is_refused_by_its_own_number(name: str, processor: str) -> None:
    own = ARCHITECTURES[processor]
    number = FORBIDDEN[name][list(ARCHITECTURES).index(processor)]
    assert outcome(instructions(own), own.audit, number) == REFUSED


@pytest.mark.parametrize("name", list(NEEDED))
def test_what_is_needed_is_allowed_by_its_own_number(name: str, processor: str) -> None:
    own = ARCHITECTURES[processor]
    number = NEEDED[name][list(ARCHITECTURES).index(processor)]
    assert outcome(instructions(own), own.audit, number) == ALLOWED
