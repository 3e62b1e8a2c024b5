"""Installation check (doctor): what Red Dots needs on this computer, and what of it is missing.

Each part is tried as it will be used: the knowledge read in every language, the checkpoint opened,
a photo of each format decoded, the sandbox's process asked what it can do.
"""

import platform
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, metadata, version
from io import BytesIO
from typing import Final

from reddots._extras import missing
from reddots.errors import KnowledgeError, PhotoError, RedDotsError

_FONT: Final = "DejaVu Sans"  # of the plots of an evaluation
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP")
_SOURCE_FILES: Final = ("page", "spots")  # of data/locale in English; its other texts are the data
_LOCALE_FILES: Final = ("page", "record", "spots", "texts")
_EVERYDAY: Final = frozenset(("JPEG", "PNG"))  # without which no photo can be used
_FOR_DEVELOPERS: Final = frozenset(("dev", "docs"))


@dataclass(frozen=True, slots=True)
class Check:
    """One part of an installation.

    Attributes:
        name: of the part.
        is_well: whether all of it is there.
        is_essential: whether Red Dots is of no use without it.
        detail: one line: what was found, or what is missing and how to get it.

    Example:
        >>> Check("Data", False, True, "no folder").is_a_fault
        True
    """

    name: str
    is_well: bool
    is_essential: bool
    detail: str

    @property
    def is_a_fault(self) -> bool:
        """Whether something essential is missing."""
        return self.is_essential and not self.is_well


def check_installation() -> tuple[Check, ...]:
    """Try every part; takes a few seconds.

    Example:
        >>> [check.name for check in check_installation()][:3]
        ['Red Dots', 'Data', 'Translations']
    """
    return (
        _program(),
        _tried("Data", _data),
        _tried("Translations", _translations),
        _tried("Checkpoint", _checkpoint),
        _guarded("Spot detector", _spot_detector),
        _guarded("Photo reader", _photo_reader),
        _guarded("Sandbox", _sandbox),
        _tried("Web page", _page),
        _browser(),
        _fonts(),
        *map(_extra, _extras()),
    )


def _tried(name: str, part: Callable[[], str]) -> Check:
    """Check an essential part by the function that uses it and gives the detail."""
    try:
        return Check(name, is_well=True, is_essential=True, detail=part())
    except (RedDotsError, OSError) as error:
        return Check(name, is_well=False, is_essential=True, detail=str(error))
    except ImportError as error:
        return _without_module(name, error)


def _guarded(name: str, part: Callable[[], Check]) -> Check:
    """Return what a part says of itself, or that it lacks a module."""
    try:
        return part()
    except ImportError as error:
        return _without_module(name, error)


def _without_module(name: str, error: ImportError) -> Check:
    detail = f"{error.name} is not installed; install Red Dots again" if error.name else str(error)
    return Check(name, is_well=False, is_essential=True, detail=detail)


def _program() -> Check:
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    try:
        detail = f"{version('reddots')}, {system}"
    except PackageNotFoundError:
        return Check("Red Dots", False, True, f"not installed as a package; {system}")
    return Check("Red Dots", is_well=True, is_essential=True, detail=detail)


def _data() -> str:
    from reddots.knowledge.translation import languages, load_in

    for language in languages():
        known = load_in(language)
    return f"{len(known.questions)} questions, in {', '.join(languages())}"


def _translations() -> str:
    """Miss each file that another file of its language calls for; read the words of spots too."""
    from reddots._resources import folder
    from reddots.knowledge.plural import read_plural_rules
    from reddots.knowledge.translation import SOURCE_LANGUAGE
    from reddots.spots.words import read_phrases

    names = {path.name for path in (folder("data") / "locale").glob("*.*.toml")}
    codes = sorted({name.split(".")[1] for name in names} | {SOURCE_LANGUAGE})
    wanted = {
        f"{kind}.{code}.toml"
        for code in codes
        for kind in (_SOURCE_FILES if code == SOURCE_LANGUAGE else _LOCALE_FILES)
    }
    if lacking := sorted(wanted - names):
        raise KnowledgeError(f"without {', '.join(lacking)}; install Red Dots again")
    read_plural_rules()
    for code in codes:
        read_phrases(code)
    return f"all texts are there in {', '.join(codes)}"


def _checkpoint() -> str:
    from reddots.classifier.model import Classifier

    classifier = Classifier.load()
    return f"{classifier.side_car.version}, outputs {', '.join(classifier.outputs)}"


def _spot_detector() -> Check:
    """Check the detector: without one photos are analysed all the same, with a broken one not."""
    from reddots.spots.detector import SpotDetector
    from reddots.spots.side_car import installed_detector

    name = "Spot detector"
    try:
        path = installed_detector()
    except RedDotsError as error:
        return Check(name, is_well=False, is_essential=True, detail=str(error))
    if path is None:
        detail = "none is installed, so spots are not counted; install Red Dots again"
        return Check(name, is_well=False, is_essential=False, detail=detail)

    def opened() -> str:
        SpotDetector.load(path)
        return path.stem

    return _tried(name, opened)


def _photo_reader() -> Check:
    from reddots.photo.loader import load_photo

    read, reasons = [], ""
    for name in _FORMATS:
        try:
            load_photo(_picture(name))
            read.append(name)
        except (PhotoError, OSError, KeyError, ValueError) as error:
            reasons = str(error)
    lacking = [name for name in _FORMATS if name not in read]
    detail = f"reads {', '.join(read) or 'nothing'}"
    if lacking:
        detail += f"; not {', '.join(lacking)} ({reasons})"
    return Check("Photo reader", not lacking, not set(read) >= _EVERYDAY, detail)


def _picture(file_format: str) -> bytes:
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    file = BytesIO()
    Image.new("RGB", (64, 64), (200, 150, 130)).save(file, file_format)
    return file.getvalue()


def _sandbox() -> Check:
    from reddots.photo.sandbox.protections import probe

    try:
        held = probe()
    except (OSError, ValueError) as error:
        return Check("Sandbox", is_well=False, is_essential=True, detail=f"It fails: {error}.")
    return Check("Sandbox", not held.missing, is_essential=False, detail=held.sentence)


def _page() -> str:
    pages = list(entry_points(group="reddots.page"))
    if not pages:
        raise ImportError("not installed; install Red Dots again")
    pages[0].load()
    texts = import_module(pages[0].module).page_languages()
    return f"“reddots serve” can start it, in {', '.join(texts)}"


def _browser() -> Check:
    try:
        webbrowser.get()
    except webbrowser.Error:
        detail = (
            "none found, so that “reddots serve --open” opens nothing; open the address by hand"
        )
        return Check("Browser", is_well=False, is_essential=False, detail=detail)
    return Check("Browser", is_well=True, is_essential=False, detail="found, for “--open”")


def _fonts() -> Check:
    try:
        from matplotlib import font_manager
    except ImportError:
        return Check("Fonts", True, False, "the page uses the system's; plots need “evaluate”")
    try:
        font_manager.findfont(_FONT, fallback_to_default=False)
    except ValueError:
        return Check("Fonts", False, False, f"{_FONT} is missing: plots would look otherwise")
    return Check("Fonts", True, False, f"{_FONT}, of the plots, is there")


def _extras() -> list[str]:
    try:
        named = metadata("reddots").get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return []
    return [extra for extra in named if extra not in _FOR_DEVELOPERS]


def _extra(name: str) -> Check:
    packages = missing(name)
    detail = "installed"
    if packages:
        where = f"{sys.executable} -m pip install"
        detail = f'without {", ".join(packages)}; to get it: {where} "reddots[{name}]"'
    return Check(f"Extra “{name}”", not packages, is_essential=False, detail=detail)
