"""``reddots doctor`` tries each part, and exit code 1 says that something essential is missing."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.command_line import CommandLine
from reddots import _resources, installation
from reddots.classifier.checkpoint import newest_checkpoint
from reddots.classifier.onnx_runtime import onnx_runtime
from reddots.errors import PhotoError
from reddots.installation import Check, check_installation
from reddots.knowledge import translation
from reddots.photo import loader
from reddots.photo.sandbox import protections
from reddots.spots.words import read_phrases
from reddots_app.i18n import page_texts


@pytest.fixture
def reddots(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def by_name() -> dict[str, Check]:
    return {check.name: check for check in check_installation()}


def raiser(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_here_everything_essential_is_there() -> None:
    found = by_name()
    assert [check for check in found.values() if check.is_a_fault] == []
    assert "JPEG, PNG, WEBP, HEIF, AVIF" in found["Photo reader"].detail
    for name in ("Data", "Translations", "Web page"):
        assert "in en, es" in found[name].detail, name


def no_checkpoint(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("REDDOTS_CHECKPOINT", str(folder / "none.json"))


def other_network(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A checkpoint whose network is not the one that its side-car describes."""
    side_car = newest_checkpoint()
    (folder / side_car.name).write_bytes(side_car.read_bytes())
    network = side_car.with_suffix(".onnx")
    (folder / network.name).write_bytes(network.read_bytes() + b"x")
    patch.setenv("REDDOTS_CHECKPOINT", str(folder / side_car.name))


def no_detector(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr("reddots.spots.side_car.installed_detector", lambda: None)


def broken_detector(patch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "spots.json").write_text("{}")
    patch.setenv("REDDOTS_SPOT_DETECTOR", str(folder / "spots.json"))


def no_pillow(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setitem(sys.modules, "PIL", None)


def no_folders(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.delenv("REDDOTS_SPOT_DETECTOR", raising=False)
    patch.setattr("reddots._resources._PACKAGE", folder / "a" / "b")


def no_runtime(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    onnx_runtime.cache_clear()
    patch.setitem(sys.modules, "onnxruntime", None)


def no_data(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr("reddots.knowledge.translation.languages", raiser(OSError("no folder")))


def other_texts(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Return the folder of a copy of the texts, which may be changed."""
    shutil.copytree(_resources.folder("data"), folder / "data")
    (folder / "checkpoints").symlink_to(_resources.folder("checkpoints"))
    patch.setattr(_resources, "_PACKAGE", folder)
    patch.setattr(translation, "_loaded", {})
    for read in (page_texts, read_phrases):
        patch.setattr(sys.modules[read.__module__], read.__name__, read.__wrapped__)
    return folder / "data" / "locale"


def no_page_texts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    (other_texts(patch, folder) / "page.fr.toml").unlink()


def no_translation(patch: pytest.MonkeyPatch, folder: Path) -> None:
    (other_texts(patch, folder) / "texts.es.toml").unlink()


def no_words_of_spots(patch: pytest.MonkeyPatch, folder: Path) -> None:
    (other_texts(patch, folder) / "spots.en.toml").unlink()


def half_of_the_page_texts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    path = other_texts(patch, folder) / "page.es.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("\n[", len(text) // 2)], encoding="utf-8")


def no_page(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(installation, "entry_points", lambda group: [] if group else None)


def no_reader(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(loader, "load_photo", raiser(PhotoError("unreadable", "cannot be read")))


def no_process(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(protections, "probe", raiser(OSError("no process")))


def no_browser(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(installation.webbrowser, "get", raiser(installation.webbrowser.Error()))


def no_extra(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(installation, "missing", lambda _: ("torch",))


def fewer_protections(patch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    patch.setattr(protections, "probe", lambda: protections.Protections(fresh_process=True))


# what is taken away, the part that tells of it, exit code, words of the line
MISSING = [
    (no_checkpoint, "Checkpoint", 1, "none.json"),
    (other_network, "Checkpoint", 1, "is not the one that its side-car describes"),
    (no_runtime, "Checkpoint", 1, "onnxruntime is not installed; install Red Dots again"),
    (no_runtime, "Spot detector", 1, "onnxruntime is not installed"),
    (no_detector, "Spot detector", 0, "spots are not counted"),
    (broken_detector, "Spot detector", 1, "spots.json is not in order"),
    (no_pillow, "Photo reader", 1, "PIL is not installed"),
    (no_folders, "Data", 1, "cannot find its “data” folder"),
    (no_folders, "Checkpoint", 1, "cannot find its “checkpoints” folder"),
    (no_folders, "Spot detector", 1, "cannot find its “checkpoints” folder"),
    (no_data, "Data", 1, "no folder"),
    (no_page_texts, "Translations", 1, "without page.fr.toml; install"),
    (no_translation, "Translations", 1, "without texts.es.toml; install"),
    (no_words_of_spots, "Translations", 1, "without spots.en.toml; install"),
    (half_of_the_page_texts, "Web page", 1, "page.es.toml"),
    (no_page, "Web page", 1, "not installed"),
    (no_reader, "Photo reader", 1, "reads nothing"),
    (no_process, "Sandbox", 1, "no process"),
    (fewer_protections, "Sandbox", 0, "Not on this system: no files"),
    (no_browser, "Browser", 0, "open the address by hand"),
    (no_extra, "Extra “train”", 0, "without torch"),
]


@pytest.mark.parametrize(
    ("take", "name", "code", "words"), MISSING, ids=[row[0].__name__ for row in MISSING]
)
@pytest.mark.slow
def test_what_is_missing_is_named(
    reddots: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    take: Callable[[pytest.MonkeyPatch, Path], None],
    name: str,
    code: int,
    words: str,
) -> None:
    take(monkeypatch, tmp_path)
    done = reddots("doctor")
    assert done.code == code, done.out + done.err
    (line,) = [line for line in done.out.splitlines() if line[9:].startswith(f"{name} ")]
    assert words in line
    assert line.startswith("MISSING" if code else "without")
    assert (name in done.err) == bool(code)


def test_programs_get_json(reddots: CommandLine) -> None:
    done = reddots("doctor", "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert {row["name"] for row in found} >= {"Data", "Checkpoint", "Sandbox", "Fonts", "Browser"}
    assert set(found[0]) == {"name", "is_well", "is_essential", "detail"}


@pytest.mark.parametrize("take", [no_checkpoint, other_network, no_runtime])
def test_a_broken_installation_does_not_keep_the_advice(
    reddots: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    take: Callable[[pytest.MonkeyPatch, Path], None],
) -> None:
    take(monkeypatch, tmp_path)
    done = reddots("assess", tmp_path / "photo.jpg", "--set", "fever=yes", "--set", "blanches=no")
    assert done.code == 2
    assert "EMERGENCY" in done.out
    assert "from the answers alone" in done.err
    assert len(done.err.splitlines()) == 2, "that, and what is broken"
