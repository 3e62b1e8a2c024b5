"""Errors that people read have one root, and the package's files are found or missed in words."""

import inspect
from pathlib import Path

import pytest

from reddots import _resources, errors
from reddots.errors import KnowledgeError, PhotoError, RedDotsError

RAISED = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c is not RedDotsError]


@pytest.mark.parametrize("error", RAISED)
def test_every_error_has_one_root(error: type[Exception]) -> None:
    assert issubclass(error, RedDotsError)
    assert error.__doc__


def test_a_photo_error_names_its_problem() -> None:
    error = PhotoError("empty", "The file is empty.")
    assert (error.problem, str(error)) == ("empty", "The file is empty.")


@pytest.mark.parametrize("name", ["data", "checkpoints"])
def test_the_shipped_folders_are_found(name: str) -> None:
    assert _resources.folder(name).is_dir()  # type: ignore[arg-type]


def test_a_damaged_installation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "_PACKAGE", tmp_path / "a" / "b")
    with pytest.raises(KnowledgeError, match=r"“data” folder.*install it again"):
        _resources.folder("data")


def test_the_wheels_own_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "reddots"
    for place in (package / "data", tmp_path / "data"):
        place.mkdir(parents=True)
    monkeypatch.setattr(_resources, "_PACKAGE", package)
    assert _resources.folder("data") == package / "data"
