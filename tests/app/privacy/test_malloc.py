"""Memory that photos took is given back when they are forgotten."""

import platform
import subprocess
import sys

import pytest

# Large blocks come and go between small ones that stay, as photos do between sessions.
COME_AND_GO = """
import sys
if sys.argv[1] == "steady":
    from reddots_app.privacy.malloc import limit_malloc
    limit_malloc()

def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

for _ in range(3):
    bytearray(20_000_000)  # as a photo while it is decoded; glibc learns from it
before, small, large = megabytes(), [], []
for number in range(400):
    large.append(bytearray(200_000))
    small.append(bytearray(2_000))
large.clear()
print(megabytes() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
@pytest.mark.parametrize(
    ("heap", "least", "most"),
    [
        ("steady", 0, 5),  # the small ones alone
        ("as it is", 40, 90),  # so the test would tell
    ],
)
def test_what_large_blocks_took_is_given_back(heap: str, least: float, most: float) -> None:
    command = [sys.executable, "-c", COME_AND_GO, heap]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert least <= float(found.stdout) <= most
