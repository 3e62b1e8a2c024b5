"""Which protections hold is tried, and said in one line; without them photos are still decoded."""

import io
import platform
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from PIL import Image

from reddots.photo.sandbox import protections, worker_handle
from reddots.photo.sandbox.protections import Protections, probe

ALL = Protections(*[True] * len(fields(Protections)))


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="where all of them are",
)
def test_here_all_of_them_hold() -> None:
    assert probe() == ALL


@pytest.mark.parametrize("name", [field.name for field in fields(Protections)])
def test_what_is_missing_is_named(name: str) -> None:
    lacking = replace(ALL, **{name: False})
    assert len(lacking.missing) == 1
    assert lacking.sentence.endswith(f"Not on this system: {lacking.missing[0]}.")
    assert lacking.missing[0] not in lacking.sentence.partition("Not on this system")[0]


def test_one_line_whatever_holds() -> None:
    assert "Not on this system" not in ALL.sentence
    for held in (ALL, Protections()):
        assert "\n" not in held.sentence
        assert held.sentence.startswith("Photos are decoded apart")


def test_a_process_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_handle, "_REPORT", "raise SystemExit(1)")
    with pytest.raises(OSError, match="does not start"):
        protections.probe()


# Takes away what Windows lacks, as far as that can be shown elsewhere.
WINDOWS = """
import os, select, signal, sys
for module, names in (
    (os, ("fork", "killpg", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "register_at_fork")),
    (signal, ("SIGKILL", "SIGXCPU", "SIGPROF", "setitimer", "ITIMER_PROF", "SIGALRM")),
    (select, ("poll",)),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
sys.modules["resource"] = sys.modules["fcntl"] = None
sys.platform = "win32"
"""


@pytest.mark.slow
def test_photos_are_decoded_where_there_is_no_fork_and_no_limit() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 60)).save(file, "PNG")
    program = f"""
import subprocess, multiprocessing
{WINDOWS}
before = {WINDOWS!r}
from reddots.photo.sandbox import worker_handle
worker_handle._START = before + worker_handle._START
worker_handle._REPORT = before + worker_handle._REPORT
from reddots.photo.loader import load_photo
from reddots.photo.sandbox.protections import probe
for _ in range(3):
    print(load_photo({file.getvalue()!r}).pixels[0, 0].tolist())
try:
    load_photo(b"nothing")
except Exception as error:
    print(type(error).__name__)
held = probe()
print(held.missing)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    *pixels, error, missing = done.stdout.splitlines()
    assert pixels == ["[200, 90, 60]"] * 3
    assert error == "PhotoError"
    assert missing.count(",") >= 5, "hardly anything holds, and it is said"
