"""Upload directory of this server, and those that killed servers left behind."""

import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = "reddots-page-"  # then the process's number


def own_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a new folder of this server, which the next one deletes if this one is killed."""
    return tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-")


def delete_abandoned() -> None:
    """Delete the upload folders of servers that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        number = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists() and Path("/proc").exists():
            shutil.rmtree(folder, ignore_errors=True)
