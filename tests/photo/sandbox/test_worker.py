"""A photo that breaks its decoding process costs itself; that process can do nothing else."""

import hashlib
import io
import multiprocessing
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox import worker_handle
from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.pool import Pool
from reddots.photo.sandbox.supervisor import Supervisor

LINUX = sys.platform == "linux"
if not hasattr(os, "fork"):  # before the tables below name signals that Windows has not
    pytest.skip("the limits are POSIX's", allow_module_level=True)
SHORT = Limits(memory=300, cpu=1, wall=2.5)

# A worker whose decoder does what the file says.
MISCHIEF = """
import sys; sys.path += sys.argv[4:]
import ctypes, os, socket, threading, time
from reddots.photo import problems
from reddots.photo.sandbox import worker
honest = worker.decode
def attempt(act):
    try:
        act()
    except (OSError, RuntimeError, ValueError):
        raise problems.DecodeError("empty")  # as expected
    raise problems.DecodeError("too_large")
def decode(data, short, long, allow):
    if data.startswith(b"run "):
        exec(data[4:], globals())
    return honest(data, short, long, allow)
worker.decode = decode
worker.main(*sys.argv[1:4])
"""


def picture(colour: tuple[int, int, int] = (200, 150, 120)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def mischievous(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(worker_handle, "_START", MISCHIEF)
    kept = Supervisor(SHORT)
    yield kept
    kept.stop()


def cause_of(kept: Supervisor | Pool, data: bytes) -> str:
    with pytest.raises(DecodeError) as caught:
        kept.decode(data, None)
    return caught.value.cause


# what a photo makes its decoder do, what is said of it, why
BREAKING = [
    (b"ctypes.string_at(0)", "broke", "a crash in C (SIGSEGV)"),
    (b"os.abort()", "broke", "a library that gives up (abort)"),
    (b"os._exit(7)", "broke", "the process ends"),
    (b"raise KeyboardInterrupt", "broke", "what is no Exception"),
    (b"while True: pass", "took_too_long", "an endless loop"),
    (b"threading.Event().wait()", "took_too_long", "a deadlock"),
    (b"os._exit(0)", "took_too_long", "the process ends as if it had answered"),
    (b"a = [bytearray(10**8) for _ in range(99)]", "took_too_much", "memory without end"),
]


def test_a_busy_computer_makes_no_photo_too_slow() -> None:
    limits = Limits()
    assert limits.wall >= 20 * limits.cpu, "computing is counted, not waiting for a processor"


@pytest.mark.parametrize(("act", "cause", "why"), BREAKING, ids=[row[2] for row in BREAKING])
@pytest.mark.slow
def test_a_photo_that_breaks_its_reader_costs_itself(
    mischievous: Supervisor, act: bytes, cause: str, why: str
) -> None:
    began = time.monotonic()
    assert cause_of(mischievous, b"run " + act) == cause, why
    assert time.monotonic() - began < SHORT.wall + 3
    assert mischievous.decode(picture(), None).pixels.shape == (30, 40, 3), "the next one works"


# what a photo tries from inside, why
FORBIDDEN = [
    (b"open('/etc/hostname')", "to read a file"),
    (b"open('/tmp/reddots-escape', 'w')", "to write a file"),
    (b"os.listdir('/')", "to look around"),
    (b"socket.socket()", "to reach the network"),
    (b"socket.socketpair()", "to open a channel"),
    (b"os.pipe()", "to open a pipe"),
    (b"os.dup(0)", "to have one more descriptor"),
]
FORBIDDEN_CALLS = [
    (b"os.fork()", "to start a process"),
    (b"os.execv('/bin/true', ['true'])", "to become another program"),
    (b"os.kill(os.getppid(), 9)", "to end another process"),
    (b"os.unlink('/tmp/nothing-here')", "to delete a file"),
    (b"os.write(0, b'x') and os.sched_setaffinity(0, {0})", "to choose its processors"),
    (b"__import__('resource').setrlimit(0, (99, 99))", "to lift its limits"),
    (b"ctypes.CDLL(None).ptrace and os.setsid()", "to leave its session"),
]


@pytest.mark.parametrize(("act", "why"), FORBIDDEN, ids=[row[1] for row in FORBIDDEN])
def test_the_process_that_decodes_may_do_nothing_else(
    mischievous: Supervisor, act: bytes, why: str
) -> None:
    assert cause_of(mischievous, b"run attempt(lambda: " + act + b")") == "empty", why


@pytest.mark.skipif(platform.machine() != "x86_64" or not LINUX, reason="where the filter is")
@pytest.mark.parametrize(("act", "why"), FORBIDDEN_CALLS, ids=[row[1] for row in FORBIDDEN_CALLS])
def test_linux_refuses_it_every_other_call(mischievous: Supervisor, act: bytes, why: str) -> None:
    assert cause_of(mischievous, b"run attempt(lambda: " + act + b")") == "empty", why


def test_it_is_told_no_name_and_no_secret(
    mischievous: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    look = b"run assert 'SECRET_TOKEN' not in os.environ; raise problems.DecodeError('empty')"
    assert cause_of(mischievous, look) == "empty"


def test_it_imports_only_what_decoding_needs(mischievous: Supervisor) -> None:
    heavy = b"{'numpy', 'torch', 'gradio', 'onnxruntime', 'msgspec', 'reddots.assessor'}"
    look = b"run assert not " + heavy + b" & set(sys.modules); raise problems.DecodeError('empty')"
    assert cause_of(mischievous, look) == "empty"


FORGED = (
    b"run pack = worker.Reply.pack; red = worker.Reply(b'x' * 16, None, 'PNG', 1, 1, 1, 1); "
    b"worker.Reply.pack = lambda self: pack(self) + (pack(red) + b'red') * "
)


@pytest.mark.parametrize("times", [1, 100_000])
@pytest.mark.slow
def test_a_photo_cannot_answer_for_the_next(mischievous: Supervisor, times: int) -> None:
    assert cause_of(mischievous, FORGED + str(times).encode()) == "unsupported_format"
    answer = mischievous.decode(picture(), None)
    assert answer.pixels.shape == (30, 40, 3), "the forged reply is not taken, and costs nobody"


# what an untrue worker says, why it is refused
LIES = [
    (b"width=80_001, height=1000, columns=80_001, rows=1000", "more pixels than allowed"),
    (b"width=9, height=9, columns=9, rows=8", "pixels of another size"),
    (b"width=0, height=0, columns=0, rows=0", "no pixels"),
    (b"width=9, height=9, columns=9, rows=9, format='EXE'", "an unknown format"),
    (b"width=9, height=9, columns=9, rows=9, token=b'x' * 16", "the reply to another"),
]


@pytest.mark.parametrize(("words", "why"), LIES, ids=[row[1] for row in LIES])
@pytest.mark.slow
def test_what_cannot_be_true_is_not_believed(
    mischievous: Supervisor, words: bytes, why: str
) -> None:
    lie = (
        b"run import dataclasses; pack = worker.Reply.pack; worker.Reply.pack = lambda self: pack("
    )
    lie += b"dataclasses.replace(self, **dict(dict(cause=None, format='PNG'), " + words + b")))"
    assert cause_of(mischievous, lie) == "broke", why
    assert mischievous.decode(picture(), None).reply.width == 40


def is_there(pid: int) -> bool:
    """Whether the process still exists, be it as a zombie."""
    return Path(f"/proc/{pid}").exists()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def pid_of(kept: Supervisor) -> int:
    assert kept._worker is not None
    return kept._worker.process.pid


linux_only = pytest.mark.skipif(not LINUX, reason="looks into /proc")


def grandchild(of: int) -> int:
    """The process that waits for a file, once the one before it has ended."""
    time.sleep(0.1)
    for _ in range(500):
        found = Path(f"/proc/{of}/task/{of}/children").read_text().split()
        if found:
            return int(found[0])
        time.sleep(0.01)
    raise AssertionError("the worker has no child")


# signal, to the worker or to its child, why
BLOWS = [
    (signal.SIGKILL, False, "the worker killed"),
    (signal.SIGKILL, True, "its child killed"),
    (signal.SIGSEGV, True, "its child crashed"),
    (signal.SIGSTOP, False, "the worker stopped"),
]


@linux_only
@pytest.mark.parametrize(("blow", "at_child", "why"), BLOWS, ids=[row[2] for row in BLOWS])
@pytest.mark.slow
def test_a_cell_that_was_hurt_while_it_waited_costs_no_photo(
    blow: signal.Signals, at_child: bool, why: str
) -> None:
    kept = Supervisor(SHORT)
    kept.decode(picture(), None)
    pid = pid_of(kept)
    os.kill(grandchild(pid) if at_child else pid, blow)
    time.sleep(0.3)
    began = time.monotonic()
    try:
        assert kept.decode(picture(), None).pixels.shape == (30, 40, 3), why
        assert time.monotonic() - began < 2 * SHORT.wall + 3
    finally:
        kept.stop()
    assert not is_there(pid)


@linux_only
@pytest.mark.parametrize(
    ("blow", "cause"), [(signal.SIGKILL, "broke"), (signal.SIGSTOP, "took_too_long")]
)
@pytest.mark.slow
def test_a_cell_hurt_at_work_costs_its_photo(
    mischievous: Supervisor, blow: signal.Signals, cause: str
) -> None:
    mischievous.decode(picture(), None)
    child = grandchild(pid_of(mischievous))
    strike = threading.Timer(0.3, os.kill, [child, blow])
    strike.start()
    assert cause_of(mischievous, b"run threading.Event().wait()") == cause
    strike.join()
    assert mischievous.decode(picture(), None).pixels.shape == (30, 40, 3), "the next one works"


@linux_only
def test_nothing_is_left_behind() -> None:
    open_before = descriptors()
    pool = Pool(2, SHORT)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: pool.decode(picture(), None), range(20)))
    workers = [pid_of(kept) for kept in pool._supervisors]
    assert len(workers) == 2, "two workers, whatever the number of threads"
    below = [grandchild(pid) for pid in workers]
    pool.stop()
    assert not any(map(is_there, workers + below))
    assert descriptors() == open_before


@linux_only
@pytest.mark.slow
def test_many_broken_photos_leave_nothing_behind(mischievous: Supervisor) -> None:
    mischievous.decode(picture(), None)
    open_before = descriptors()
    workers = []
    for _ in range(5):
        mischievous.start()
        workers += [pid_of(mischievous), grandchild(pid_of(mischievous))]
        cause_of(mischievous, b"run os._exit(1)")
    mischievous.decode(picture(), None)
    assert not any(map(is_there, workers))
    assert descriptors() == open_before


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(worker_handle, "_START", MISCHIEF)
    kept = Supervisor(replace(SHORT, photos=3))
    yield kept
    kept.stop()


@linux_only
def test_photos_of_one_owner_share_a_process_for_a_while(shared: Supervisor) -> None:
    workers = []
    for _ in range(7):
        shared.decode(picture(), None)
        workers.append(grandchild(pid_of(shared)))
    assert len(set(workers)) == 3, "it is replaced before the fourth and the seventh"


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        (b"ctypes.string_at(0)", "broke"),
        (b"while True: pass", "took_too_long"),
        (b"a = [bytearray(10**8) for _ in range(99)]", "took_too_much"),
        (b"raise problems.DecodeError('unreadable')", "unreadable"),
    ],
)
@pytest.mark.slow
def test_a_bad_photo_among_those_of_one_owner_costs_itself(
    shared: Supervisor, act: bytes, cause: str
) -> None:
    for _ in range(2):
        assert shared.decode(picture(), None).reply.width == 40
        assert cause_of(shared, b"run " + act) == cause
    assert shared.decode(picture(), None).reply.width == 40


def test_many_threads_get_each_their_own_photo() -> None:
    pool = Pool(2)
    colours = [(40 * i, 255 - 40 * i, 7 * j) for i in range(6) for j in range(6)]
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda c: pool.decode(picture(c), None), colours))
    pool.stop()
    assert [tuple(a.pixels[0, 0]) for a in answers] == colours
    assert answers[3].sha256 == hashlib.sha256(picture(colours[3])).hexdigest()


def test_who_comes_first_is_served_first() -> None:
    pool = Pool(1)
    order: list[int] = []
    threads = []
    with pool._lent():  # nobody is served until all stand in line
        for number in range(6):
            thread = threading.Thread(
                target=lambda n=number: (pool.decode(picture(), None), order.append(n))
            )
            thread.start()
            threads.append(thread)
            while len(pool._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    pool.stop()
    assert order == sorted(order)


def test_a_forked_process_starts_its_own() -> None:
    pool = Pool(1)
    pool.decode(picture(), None)
    parent = pid_of(pool._supervisors[0])
    context: Any = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe()

    def child() -> None:
        answer = pool.decode(picture((1, 2, 3)), None)
        sender.send((pid_of(pool._supervisors[0]), tuple(answer.pixels[0, 0])))

    process = context.Process(target=child)
    process.start()
    assert receiver.poll(30)
    pid, colour = receiver.recv()
    process.join()
    assert pid != parent
    assert colour == (1, 2, 3)
    assert tuple(pool.decode(picture((4, 5, 6)), None).pixels[0, 0]) == (4, 5, 6)
    pool.stop()


@linux_only
@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), 9)", "os._exit(0)", "1 / 0"])
def test_a_cell_ends_with_the_program_that_used_it(tmp_path: Path, end: str) -> None:
    program = (
        "import os\nfrom reddots.photo import loader\n"
        f"loader.load_photo({picture()!r})\n"
        "print(loader._pool()._supervisors[0]._worker.process.pid, flush=True)\n" + end
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, cwd=tmp_path
    )
    place = Path(f"/proc/{int(done.stdout)}")
    for _ in range(300):
        if not place.exists() or "\nState:\tZ" in (place / "status").read_text():
            return
        time.sleep(0.01)
    raise AssertionError("the worker outlived its program")


def test_without_room_for_a_process_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nothing/here")
    assert cause_of(Supervisor(SHORT), picture()) == "no_reader"


def test_a_cell_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_handle, "_START", "import no_such_module")
    assert cause_of(Supervisor(SHORT), picture()) == "no_reader"
